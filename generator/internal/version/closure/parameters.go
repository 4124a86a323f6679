package closure

import (
	"go/token"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Write is a write through a parameter of a function.
type Write struct {
	// Param is the parameter, the receiver being 0.
	Param int
	// Through are the functions that are called on the way, in order; Pos is where the last of them writes.
	Through []facts.ID
	Pos     token.Position
}

// ParameterWrites are the parameters that a function writes through, each once, with how.
func (c *Closure) ParameterWrites(fn facts.ID) []Write {
	var found []Write
	for i := range c.g.memory.Params(fn) {
		w := c.g.memory.ParamWrites(fn, i)
		if w == nil {
			continue
		}
		write := Write{Param: i, Through: w.Functions[1:]}
		if n := c.g.nodes[w.Last]; n != nil {
			write.Pos = token.Position{Filename: n.File, Line: w.Line, Column: w.Column}
		}
		found = append(found, write)
	}
	return found
}
