package closure

import (
	"go/token"

	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Write is a write through a parameter of a function.
type Write struct {
	// Param is the parameter, the receiver being 0.
	Param int
	// Through are the functions that are called on the way, in order; Pos is where the last of them writes.
	Through []facts.ID
	Pos     token.Position
	// Sure says that it happens wherever the code is run, as far as types and calls tell; otherwise a dynamic call or code that nobody sees may do it.
	Sure bool
}

// ParameterWrites are the parameters that a function writes through, each once, with how.
func (c *Closure) ParameterWrites(fn facts.ID) []Write {
	var found []Write
	for i := range c.g.memory.Params(fn) {
		if w := c.g.memory.ParamWrites(fn, i); w != nil {
			found = append(found, c.write(i, w))
		}
	}
	return found
}

// Fills returns how a function writes for certain to memory that one of its parameters leads to, and that it does not read: what it makes there is for
// others. It is nil if there is no such memory.
func (c *Closure) Fills(fn facts.ID, param int) *Write {
	w := c.g.memory.ParamFills(fn, param)
	if w == nil {
		return nil
	}
	write := c.write(param, w)
	return &write
}

func (c *Closure) write(param int, w *effects.ParamWrite) Write {
	write := Write{Param: param, Through: w.Functions[1:], Sure: w.Sure}
	if n := c.g.nodes[w.Last]; n != nil {
		write.Pos = token.Position{Filename: n.File, Line: w.Line, Column: w.Column}
	}
	return write
}

// Reads reports whether a function reads data that one of its parameters leads to, the receiver being 0, and does not change it: what it keeps for
// itself, such as a map of what it found before, identifies nothing.
func (c *Closure) Reads(fn facts.ID, param int, d facts.Data) bool {
	memory := c.g.memory
	return memory.ParamReads(fn, param, d.Location) && !memory.ParamChanges(fn, param, d.Location) &&
		(d.Entries == "" || !memory.ParamChanges(fn, param, d.Entries))
}

// ReadsAny reports whether a function reads data that any of its parameters leads to.
func (c *Closure) ReadsAny(fn facts.ID, d facts.Data) bool {
	return c.g.memory.ParamReads(fn, -1, d.Location)
}

// ReadIn is the place where a definition's own text reads data, if it does.
func (c *Closure) ReadIn(id facts.ID, d facts.Data) (token.Position, bool) {
	n := c.g.nodes[id]
	if n == nil {
		return token.Position{}, false
	}
	line, column, ok := c.g.memory.ReadIn(id, d.Location)
	return token.Position{Filename: n.File, Line: line, Column: column}, ok
}
