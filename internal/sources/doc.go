// Package sources tells whether the code in directories is still what it was when wrappers were
// generated from it.
//
// The command records, outside the repository, from which code it generated; programs that run next
// to their sources compare. The record is described in docs/design.md.
package sources
