// Package freshness tells whether the sources of cached functions are still those that their
// wrappers were generated from, where a program runs next to its sources: in test binaries and
// under go run. There someone may have edited a helper and forgotten to generate; elsewhere the
// program is all there is.
//
// What the sources were is in records that the command keeps in the user's cache folder;
// docs/design.md describes them. Without a record of the very version that the program has, nothing
// is known, and nothing happens.
package freshness
