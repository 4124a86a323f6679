//lint:file-ignore U1000 Fields of the types here are there to be found by reflection.

package engine

import (
	"slices"
	"testing"
)

func TestSizeOf(t *testing.T) {
	type node struct {
		next *node
		_    [24]byte
	}
	ring := &node{}
	ring.next = &node{next: ring}
	long := &node{}
	for range 1_000_000 {
		long = &node{next: long}
	}
	text := "0123456789"
	for name, test := range map[string]struct {
		v         any
		low, high int64
	}{
		"int":            {new(int), 8, 8},
		"string":         {&text, 26, 26},
		"bytes":          {new(make([]byte, 1000)), 1000, 1100},
		"texts":          {new(slices.Repeat([]string{text}, 1000)), 26_000, 27_000},
		"map":            {&map[int]string{1: text, 2: text}, 50, 100},
		"nested":         {&[][]int{make([]int, 100), make([]int, 100)}, 1600, 1700},
		"ring":           {&ring, 64, 80},
		"long list":      {&long, 32 * 1000, 40_000_000},
		"nil":            {new(*node), 8, 8},
		"any":            {new(any([]int{1, 2, 3})), 24, 80},
		"function":       {new(func() {}), 8, 8},
		"array of texts": {&[2]string{text, text}, 52, 52},
	} {
		if got := sizeOf(test.v) - overhead; got < test.low || got > test.high {
			t.Errorf("%s: %d bytes, want %d to %d", name, got, test.low, test.high)
		}
	}
}

func TestTooDeep(t *testing.T) {
	type node struct{ next *node }
	list := func(n int) *node {
		var l *node
		for range n {
			l = &node{l}
		}
		return l
	}
	ring := &node{}
	ring.next = ring
	type tree struct{ left, right *tree }
	diamond := &tree{}
	for range 400 { // 2^400 ways, and not deep
		diamond = &tree{diamond, diamond}
	}
	for name, test := range map[string]struct {
		v    any
		want bool
	}{
		"flat":    {new(int), false},
		"short":   {new(list(400)), false},
		"long":    {new(list(2000)), true},
		"ring":    {&ring, true},
		"diamond": {&diamond, false},
		"maps":    {new(map[string]any{"a": map[string]any{"b": []any{1}}}), false},
	} {
		if got := TooDeep(test.v); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
