module github.com/cachegen/cachegen/runtime/store/dynamodb

go 1.26.0

require github.com/cachegen/cachegen v0.0.0

replace github.com/cachegen/cachegen => ../../..
