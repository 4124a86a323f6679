module github.com/cachegen/cachegen/runtime/store/blob

go 1.26.0

require (
	github.com/cachegen/cachegen v0.0.0
	gocloud.dev v0.47.0
)

replace github.com/cachegen/cachegen => ../../..
