// Package closure joins the facts of a program's packages and finds what a function reaches.
//
// Dynamic dispatch follows values, as rapid type analysis does: a method can only be called through an interface if a value of its
// type was converted to one, and the conversion is in code that can be reached, or in code that the caller ran before
// (Bacon and Sweeney, OOPSLA 1996). The second case is what ignored parameters and contexts bring; there every
// implementation in the module counts (class hierarchy analysis, Dean, Grove and Chambers, ECOOP 1995). Where such values go is
// found by classes of variables ([facts.Flow]), and who writes to the memory that is read by package effects.
package closure
