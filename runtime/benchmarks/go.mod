module github.com/cachegen/cachegen/runtime/benchmarks

go 1.26

require (
	github.com/cachegen/cachegen v0.1.0
	github.com/maypok86/otter/v2 v2.4.0
)

require (
	github.com/fxamacker/cbor/v2 v2.9.6 // indirect
	github.com/puzpuzpuz/xsync/v4 v4.5.0 // indirect
	github.com/x448/float16 v0.8.4 // indirect
	golang.org/x/sync v0.22.0 // indirect
)

replace github.com/cachegen/cachegen => ../..
