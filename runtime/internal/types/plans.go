package types

import (
	"reflect"
	"sync"
)

// Plans keeps a plan for each type. The zero Plans is ready; it is safe for concurrent
// use.
type Plans[P any] struct {
	done sync.Map // reflect.Type -> *P
	mu   sync.Mutex
}

// Of returns the plan for t, which build makes on first use. What build is given as of returns the
// plans of the types that t consists of; that of a type which contains itself may be filled in only
// after build returns.
func (c *Plans[P]) Of(t reflect.Type, build func(t reflect.Type, of func(reflect.Type) *P) P) *P {
	if p, ok := c.done.Load(t); ok {
		return p.(*P)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	pending := map[reflect.Type]*P{}
	var of func(reflect.Type) *P
	of = func(t reflect.Type) *P {
		if p, ok := c.done.Load(t); ok {
			return p.(*P)
		}
		if p := pending[t]; p != nil {
			return p
		}
		p := new(P)
		pending[t] = p
		*p = build(t, of)
		return p
	}
	p := of(t)
	for t, p := range pending {
		c.done.Store(t, p)
	}
	return p
}
