// Cachegen caches the results of Go functions: it writes typed wrappers for functions with a //cache: directive.
//
//	go get -tool github.com/cachegen/cachegen/cmd/cachegen
//	go tool cachegen ./...
//	go tool cachegen help
package main

import (
	"github.com/cachegen/cachegen/cmd/internal/command"

	// The stores that cost a build nothing.
	_ "github.com/cachegen/cachegen/runtime/store/dir"
	_ "github.com/cachegen/cachegen/runtime/store/memory"
)

func main() { command.Main() }
