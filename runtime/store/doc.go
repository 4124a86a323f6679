// Package store is the contract between cachegen's runtime and the places that keep results.
//
// A store implements [Store]: four methods over items that carry a stamp. Further interfaces say
// what else it can do: [Lister], [Leaser], [Watcher], [Batcher], [Stamper], [Blobber] and [Pruner].
// Users find them by [As], and the runtime works without those that are missing. The package
// storetest is the suite that every store passes. examples/thirdpartystore is a store written from
// scratch, to copy from.
package store
