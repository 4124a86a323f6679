// Package effects joins what the code of all packages does to memory, and tells who may write to memory that some code reads: rules 3, 4, 5 and 9 of
// docs/design/analysis.md.
//
// Facts are plain data, one body for each function: operations on memory that comes from parameters, package variables, allocations and calls
// ([facts.Effects]). Joining follows calls until nothing changes: the summary of a body says what it does to memory of its parameters, and callers
// apply it to what they pass (mod/ref analysis). Sources have a direction (Andersen, 1994); package variables between whose memories something
// may pass are one class (Steensgaard, POPL 1996); locations are told apart by type and field (Diwan, McKinley and Moss, PLDI 1998).
package effects
