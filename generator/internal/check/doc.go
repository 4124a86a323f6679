// Package check decides, from types alone, whether the inputs of a function can be told apart and
// its results kept, and how: the plan that generated code follows. What can't be done is refused
// with the path of the field that stands in the way and the ways out.
//
// Inputs are keyable if they are plain data through and through, or have a marshaler of their own,
// or a reviewed rule. Behaviour (functions, channels, interfaces) is not: what a caller brings
// along is in no version. Results are storable if the runtime's codec gives an equal value back.
package check
