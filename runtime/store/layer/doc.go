// Package layer has layers in front of stores: compression, encryption, a limit to the size of
// values, and a chain of several stores. [Open] makes them from URLs.
//
// A layer implements the interfaces of the store behind it, and no others; see [store.As]. Values
// at paths (targets) go through layers as they are, so that other programs can read them. [Encrypt]
// refuses them by default.
package layer
