// Package store is the contract between cachegen's runtime and the places where results live.
//
// A store implements [Store]: four methods over items that carry a stamp. What else it can do it
// says by implementing further interfaces ([Lister], [Leaser], [Watcher], [Batcher], [Stamper],
// [Blobber], [Pruner]), which users find by [As]; the runtime does without those that are missing.
// The package storetest next to this one is the suite that every store passes;
// examples/thirdpartystore is a store written from scratch, to copy from.
package store
