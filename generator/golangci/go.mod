module github.com/cachegen/cachegen/generator/golangci

go 1.26

require (
	github.com/cachegen/cachegen v0.1.0
	github.com/golangci/plugin-module-register v0.1.2
	golang.org/x/tools v0.49.0
)

require (
	github.com/dave/jennifer v1.7.1 // indirect
	golang.org/x/mod v0.39.0 // indirect
	golang.org/x/sync v0.22.0 // indirect
)

replace github.com/cachegen/cachegen => ../..
