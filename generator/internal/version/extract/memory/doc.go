// Package memory finds what the code of one package does to memory, from its SSA form. It needs the package's syntax and the declarations
// alone of what it imports. Calls of other modules do what package stdmodel says of them.
package memory
