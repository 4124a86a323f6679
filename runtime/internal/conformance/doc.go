// Package conformance tests, through generated code, that cached functions do what those of other systems do: Dagster, Coflux, Flyte
// and Prefect, a file each. The functions are here, with their directives; each test says which behaviour of its system it is.
//
// Results are serial numbers of executions, so that a result tells which execution it is from.
package conformance

//go:generate go run ../../../cmd/cachegen .
