// Package mutants tests versions by executing mutants of real modules.
//
// A copy of a module gets a place for mutants wherever its code can be changed a little: in conditions, numbers, texts, operators,
// results and statements, of functions and of initialisers. All mutants are in one binary ([schema]); which one is on is chosen when it
// starts, or, for places that are passed only later, between calls. The module's functions of data are called with random inputs.
// When a mutant makes one of them return something else, the definition that was mutated must be in what the function's version is
// made of. It need not be otherwise.
//
// What a process did before can only mislead by blaming the wrong mutant. So each accusation is repeated in processes of its own: one
// with the mutant, one without.
package mutants
