// Package extract turns type-checked packages into facts: declarations into nodes with a hash and edges, functions into what they do to
// the values and the memory that they are given.
//
// What is canonical is decided in one place, the encoder: locals are numbered by occurrence, constants are their type and exact
// value, types are what the type-checker says they are. Comments, formatting and order never get so far.
package extract
