module github.com/cachegen/cachegen/runtime/store/redis

go 1.26.0

require (
	github.com/cachegen/cachegen v0.1.0
	github.com/redis/rueidis v1.0.79
)

require (
	golang.org/x/sync v0.22.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
	pgregory.net/rapid v1.3.0 // indirect
)

replace github.com/cachegen/cachegen => ../../..
