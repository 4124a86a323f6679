// Package layer has what can stand in front of a store: compression, encryption, a limit to the
// size of values, a guard against stores that are broken or slow, and a chain of several stores.
// [Open] makes them from URLs.
//
// A layer can do what the store behind it can, as [store.As] finds out, and claims no more. Values
// at paths (targets) go through layers as they are, so that other programs can read them; what
// [Encrypt] does about that is said there.
package layer
