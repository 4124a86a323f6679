module github.com/cachegen/cachegen/examples/ci

go 1.26

require (
	github.com/cachegen/cachegen v0.1.0
	go.yaml.in/yaml/v3 v3.0.4
)

require golang.org/x/mod v0.39.0 // indirect

replace github.com/cachegen/cachegen => ../..
