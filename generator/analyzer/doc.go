// Package analyzer reports as diagnostics of go vet, golangci-lint and editors what cachegen
// reports: what is wrong with directives, what warnings there are, and generated code that is not
// up to date.
//
//	go vet -vettool=$(go tool -n cachegen) ./...
//
// The version of a function is computed for one platform and from the whole module, so what an
// analysis knows of one package is not enough: for packages with directives the generator runs.
// Others cost nothing.
package analyzer
