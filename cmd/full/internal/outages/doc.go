// Package outages is tests alone: real processes call functions over a real folder and a real
// Redis, which are broken and mended meanwhile, and processes are killed. What they say of their
// calls is judged as package simulator judges its own.
//
//	go test -C cmd/full ./internal/outages                  # a sample, in seconds
//	go test -C cmd/full ./internal/outages -table -v        # all kinds of faults, and the table in docs/design/faults.md
package outages
