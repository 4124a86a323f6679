// Cachegen with the drivers of all stores, for cachegen cache on what is not a folder. It is a module of its own, lest the stores' clients
// become dependencies of those who only generate code. To install it:
//
//	git clone https://github.com/cachegen/cachegen
//	go -C cachegen/cmd/full install ./cachegen
package main

import (
	"github.com/cachegen/cachegen/cmd/internal/command"

	_ "github.com/cachegen/cachegen/runtime/store/blob"
	_ "github.com/cachegen/cachegen/runtime/store/dir"
	_ "github.com/cachegen/cachegen/runtime/store/dynamodb"
	_ "github.com/cachegen/cachegen/runtime/store/memory"
	_ "github.com/cachegen/cachegen/runtime/store/redis"
)

func main() { command.Main() }
