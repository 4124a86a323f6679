package extent

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

type node struct {
	Name string
	Deps []*node
}

// graph returns layers of three nodes, each with the three below it.
func graph(layers int) *node {
	var below []*node
	for l := range layers {
		var here []*node
		for i := range 3 {
			here = append(here, &node{fmt.Sprint(l, i), below})
		}
		below = here
	}
	return &node{"main", below}
}

// repeated is n times the same.
func repeated[T any](n int, v T) []T {
	s := make([]T, n)
	for i := range s {
		s[i] = v
	}
	return s
}

type pair struct{ A, B any }

func doubled(depth int) any {
	var v any = 1
	for range depth {
		w := v
		v = pair{&w, &w}
	}
	return v
}

// TestMeasure has values of all kinds whose parts are shared, are not, or contain themselves.
func TestMeasure(t *testing.T) {
	loop := &node{Name: "loop"}
	loop.Deps = []*node{loop, loop}
	self := map[string]any{}
	self["self"] = self
	endless := []any{nil}
	endless[0] = endless
	var long *node
	for range 10_000 {
		long = &node{Deps: []*node{long}}
	}
	wide := map[string]*node{}
	for i := range 20_000 {
		wide[fmt.Sprint(i)] = &node{Name: strings.Repeat("x", 100)}
	}
	big := &[1 << 20]byte{}
	table := repeated(1000, repeated(1000, "cell"))
	maps := map[int]map[int]string{}
	one := map[int]string{}
	for i := range 1000 {
		one[i] = strings.Repeat("y", i%50)
	}
	for i := range 1000 {
		maps[i] = one
	}
	now := time.Now()
	for name, c := range map[string]struct {
		p    any
		want error
	}{
		"small graph":                {new(graph(4)), nil},
		"graph of 31":                {new(graph(10)), ErrShared},
		"graph of 91":                {new(graph(30)), ErrShared},
		"graph of 301":               {new(graph(100)), ErrShared},
		"doubled interfaces":         {new(doubled(60)), ErrShared},
		"one large array, often":     {new(repeated(1000, big)), ErrShared},
		"one long string, often":     {new(repeated(1000, strings.Repeat("x", 1<<20))), ErrShared},
		"one slice, often":           {new(repeated(1000, make([]int, 1<<17))), ErrShared},
		"one row, often":             {&table, ErrShared},
		"one map, often":             {&maps, ErrShared},
		"itself":                     {&loop, ErrCyclic},
		"a map that has itself":      {&self, ErrCyclic},
		"a slice that has itself":    {&endless, ErrCyclic},
		"a long list":                {&long, ErrCyclic},
		"many nodes":                 {&wide, nil},
		"many short strings, shared": {new(repeated(100_000, "Berlin")), nil},
		"many instants of one zone":  {new(repeated(10_000, now)), nil},
		"one large array":            {new(make([]byte, 64<<20)), nil},
		"many numbers":               {new(make([][4]int, 100_000)), nil},
		"nothing":                    {new([]string(nil)), nil},
		"many gibibytes":             {new(unbacked()), ErrLarge},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if size, err := Measure(t.Context(), reflect.ValueOf(c.p)); !errors.Is(err, c.want) || err == nil && size <= 0 {
				t.Errorf("Measure = %d, %v after %v, want %v", size, err, time.Since(start), c.want)
			}
		})
	}
}

// unbacked returns rows that are two gibibytes together, each another part of some memory.
func unbacked() [][]struct{ A, B int32 } {
	memory := make([]struct{ A, B int32 }, 1<<16)
	var rows [][]struct{ A, B int32 }
	for i := range 3 << 10 {
		rows = append(rows, memory[i%64:len(memory)-i/64])
	}
	return rows
}

// TestMeasureHeedsContexts measures for a caller who has no time.
func TestMeasureHeedsContexts(t *testing.T) {
	v := repeated(100_000, "Berlin")
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := Measure(ended, reflect.ValueOf(&v)); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
	soon, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	large := make([]int, 10<<20)
	if _, err := Measure(soon, reflect.ValueOf(new([][]int{large, large[1:]}))); err != nil && !errors.Is(err, ErrLate) {
		t.Errorf("with a context that ends soon: %v", err)
	}
	nodes := map[int]*node{}
	for i := range 20_000 {
		nodes[i] = &node{Name: strings.Repeat("x", 200)}
	}
	if _, err := Measure(soon, reflect.ValueOf(&nodes)); !errors.Is(err, ErrLate) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with a context that ends soon: %v", err)
	}
}

// TestMeasureAllocatesNothing measures what most results are like.
func TestMeasureAllocatesNothing(t *testing.T) {
	v := graph(3)
	if n := testing.AllocsPerRun(100, func() { _, _ = Measure(context.Background(), reflect.ValueOf(&v)) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
