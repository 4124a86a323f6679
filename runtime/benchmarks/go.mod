module github.com/cachegen/cachegen/runtime/benchmarks

go 1.26.0

require (
	github.com/Yiling-J/theine-go v0.6.3
	github.com/cachegen/cachegen v0.1.0
	github.com/dgraph-io/ristretto/v2 v2.4.2
	github.com/go-redis/cache/v9 v9.0.0
	github.com/hashicorp/golang-lru/v2 v2.0.7
	github.com/maypok86/otter/v2 v2.4.0
	github.com/puzpuzpuz/xsync/v4 v4.5.0
	github.com/viccon/sturdyc v1.1.5
	golang.org/x/sync v0.22.0
)

require (
	github.com/dgryski/go-rendezvous v0.0.0-20200823014737-9f7001d12a5f // indirect
	github.com/klauspost/compress v1.13.6 // indirect
	github.com/redis/go-redis/v9 v9.0.0-rc.4 // indirect
	github.com/vmihailenco/go-tinylfu v0.2.2 // indirect
	github.com/vmihailenco/msgpack/v5 v5.3.4 // indirect
	github.com/vmihailenco/tagparser/v2 v2.0.0 // indirect
)

require (
	github.com/cachegen/cachegen/runtime/store/redis v0.1.0
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/dustin/go-humanize v1.0.1 // indirect
	github.com/fxamacker/cbor/v2 v2.9.6 // indirect
	github.com/klauspost/cpuid/v2 v2.0.9 // indirect
	github.com/redis/rueidis v1.0.79
	github.com/x448/float16 v0.8.4 // indirect
	github.com/zeebo/xxh3 v1.0.2 // indirect
	golang.org/x/sys v0.47.0 // indirect
)

replace (
	github.com/cachegen/cachegen => ../..
	github.com/cachegen/cachegen/runtime/store/redis => ../store/redis
)
