package flight

import (
	"context"
	"slices"
	"sync"
)

// lead is the context of an execution: it says which flights the code that has it is part of. It is
// a context of its own to save one allocation.
type lead struct {
	context.Context
	flight *edges
	up     *lead
}

type leadKey struct{}

// Value returns l itself for its key.
func (l *lead) Value(key any) any {
	if _, ok := key.(leadKey); ok {
		return l
	}
	return l.Context.Value(key)
}

func leadOf(ctx context.Context) *lead {
	l, _ := ctx.Value(leadKey{}).(*lead)
	return l
}

// circles guards the waiters of all flights. Only calls from within executions take it.
var circles sync.Mutex

// edges are a flight in the graph of who waits for whom.
type edges struct {
	waiters []*lead // under circles
}

// await notes that the code of l waits for f, unless f itself waits for that code, over whatever
// flights and goroutines: then it returns false, for the wait would never end. Deadlock detection
// by a wait-for graph (Coffman et al., 1971), done when an edge is added.
func (f *edges) await(l *lead) bool {
	circles.Lock()
	defer circles.Unlock()
	if dependsOn(l, f) {
		return false
	}
	f.waiters = append(f.waiters, l)
	return true
}

// leave undoes await.
func (f *edges) leave(l *lead) {
	circles.Lock()
	defer circles.Unlock()
	if i := slices.Index(f.waiters, l); i >= 0 {
		f.waiters = slices.Delete(f.waiters, i, i+1)
	}
}

// dependsOn reports whether f cannot land before one of the flights that l is part of. It goes from
// those to who waits for them.
func dependsOn(l *lead, f *edges) bool {
	seen := map[*edges]bool{}
	todo := []*lead{l}
	for len(todo) > 0 {
		l := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for ; l != nil && !seen[l.flight]; l = l.up {
			if l.flight == f {
				return true
			}
			seen[l.flight] = true
			todo = append(todo, l.flight.waiters...)
		}
	}
	return false
}
