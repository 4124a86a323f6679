package compact

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type digest [4]byte

type node struct {
	Name   string
	Count  int
	Small  uint8
	Flag   bool
	Digest digest
	Bytes  []byte
	Names  []string
	Next   *node
	Shared []*node
	Values []struct{ A, B int }
	ByName map[string]digest
	Deeper map[string][]string
}

// shared are two pointers to one node.
func shared() *node {
	n := &node{Name: "shared"}
	return &node{Next: n, Shared: []*node{n, {Name: "shared"}, n}}
}

func circle() *node {
	n := &node{Name: "circle"}
	n.Next = n
	return n
}

var nodes = Of[node]()

func TestRoundTrip(t *testing.T) {
	for _, test := range []struct {
		name  string
		value *node
	}{
		{"zero", &node{}},
		{"numbers", &node{Count: -1 << 62, Small: 255, Flag: true}},
		{"texts", &node{Name: "a", Names: []string{"a", "", "b", "a"}}},
		{"digests", &node{Digest: digest{1}, ByName: map[string]digest{"a": {1}, "b": {}, "c": {2}}}},
		{"bytes", &node{Bytes: []byte{0, 255}}},
		{"empty and nil", &node{Bytes: []byte{}, Names: []string{}, ByName: map[string]digest{}}},
		{"structs", &node{Values: []struct{ A, B int }{{1, 0}, {}, {0, 2}}}},
		{"maps of slices", &node{Deeper: map[string][]string{"": nil, "a": {"x"}}}},
		{"pointers", shared()},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := nodes.Unmarshal(nodes.Marshal(test.value))
			if err != nil {
				t.Fatal(err)
			}
			// A nil slice in a map is read as an empty one: only fields know nil.
			if test.name == "maps of slices" {
				test.value.Deeper[""] = []string{}
			}
			if diff := cmp.Diff(test.value, got); diff != "" {
				t.Errorf("written (-), read (+):\n%s", diff)
			}
		})
	}
}

// TestPointersStayWhatTheyAre reads what two point to as one thing, and equal things apart.
func TestPointersStayWhatTheyAre(t *testing.T) {
	got, err := nodes.Unmarshal(nodes.Marshal(shared()))
	if err != nil {
		t.Fatal(err)
	}
	if got.Next != got.Shared[0] || got.Next != got.Shared[2] {
		t.Error("what was one is several")
	}
	if got.Next == got.Shared[1] {
		t.Error("what was equal is one")
	}
	ring, err := nodes.Unmarshal(nodes.Marshal(&node{Next: circle()}))
	if err != nil {
		t.Fatal(err)
	}
	if ring.Next.Next != ring.Next {
		t.Error("a circle is none")
	}
}

func TestSameDataSameBytes(t *testing.T) {
	n := &node{Deeper: map[string][]string{}}
	for name := range strings.SplitSeq("k j i h g f e d c b a", " ") {
		n.Deeper[name] = []string{name}
	}
	first := nodes.Marshal(n)
	for range 20 {
		if !reflect.DeepEqual(first, nodes.Marshal(n)) {
			t.Fatal("the order of a map is in the data")
		}
	}
}

// TestDamaged reads every beginning of good data, and data with each byte changed: that may fail or
// give something else, and do no harm.
func TestDamaged(t *testing.T) {
	n := shared()
	n.Names, n.Digest, n.Bytes = []string{"a", "b", "a"}, digest{1}, []byte("bytes")
	n.ByName, n.Values = map[string]digest{"a": {1}}, []struct{ A, B int }{{1, 2}}
	data := nodes.Marshal(n)
	for i := range data {
		if _, err := nodes.Unmarshal(data[:i]); err == nil {
			t.Errorf("%d of %d bytes are read as if they were all", i, len(data))
		}
		for _, b := range []byte{0, 1, 127, 255} {
			changed := append([]byte(nil), data...)
			changed[i] = b
			_, _ = nodes.Unmarshal(changed)
		}
	}
	if _, err := nodes.Unmarshal(append(data, 0)); err == nil {
		t.Error("a byte too many is left out")
	}
}

func TestNoPlainData(t *testing.T) {
	for name, of := range map[string]func(){
		"interface": func() { Of[any]() },
		"function":  func() { Of[struct{ F func() }]() },
		"key":       func() { Of[map[int]int]() },
		"array":     func() { Of[[2]string]() },
		"channel":   func() { Of[[]chan int]() },
		"float":     func() { Of[*float64]() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: has a form", name)
				}
			}()
			of()
		}()
	}
}
