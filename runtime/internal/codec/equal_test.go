//lint:file-ignore U1000 Fields of the types here are there to be found by reflection.

package codec_test

import (
	"math"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/cachegen/cachegen/runtime/internal/codec"
)

// forgetful stores less than it holds, each type another part of it.
type forgetful struct {
	Kept string
	Lost any
}

func (f forgetful) MarshalBinary() ([]byte, error)    { return []byte(f.Kept), nil }
func (f *forgetful) UnmarshalBinary(p []byte) error   { f.Kept = string(p); return nil }
func (a *approximate) UnmarshalBinary(p []byte) error { a.n = int(p[0]); return nil }
func (a approximate) MarshalBinary() ([]byte, error)  { return []byte{byte(a.n)}, nil }
func (a approximate) Equal(b approximate) bool        { return a.n == b.n }
func (a *adding) UnmarshalBinary(p []byte) error      { a.n = int(p[0]) + 1; return nil }
func (a adding) MarshalBinary() ([]byte, error)       { return []byte{byte(a.n)}, nil }
func (l *locked) UnmarshalBinary(p []byte) error      { l.s = string(p); return nil }
func (l *locked) MarshalBinary() ([]byte, error)      { return []byte(l.s), nil }
func (r *referring) UnmarshalBinary(p []byte) error   { *r = refer(p[0]); return nil }
func (r referring) MarshalBinary() ([]byte, error)    { return []byte{byte(*r.p)}, nil }
func refer(n byte) referring {
	r := referring{p: new(int(n)), m: map[float64]*int{1: new(1)}}
	r.self = &r
	return r
}

// approximate has a cache that two equal ones need not share.
type approximate struct {
	n     int
	cache map[string]int
}

// itself is a list that contains itself.
func itself() []any {
	l := []any{nil}
	l[0] = l
	return l
}

type touchy struct{ n int }

func (touchy) UnmarshalBinary([]byte) error   { return nil }
func (touchy) MarshalBinary() ([]byte, error) { return nil, nil }
func (touchy) Equal(touchy) bool              { panic("touched") }

type adding struct{ n int }

type locked struct {
	mu sync.Mutex
	s  string
}

type referring struct {
	p    *int
	m    map[float64]*int
	self *referring
}

func TestCheckRoundTrip(t *testing.T) {
	for name, test := range map[string]struct {
		v    any
		want string // in the error, "" for none
	}{
		"kept":         {&forgetful{Kept: "a"}, ""},
		"lost":         {&forgetful{Lost: 1}, "forgetful.Lost is lost"},
		"nested":       {&struct{ L []*forgetful }{[]*forgetful{{}, {Lost: "x"}}}, ".L[].Lost is lost"},
		"pointer":      {&forgetful{Lost: new(1)}, "Lost is lost"},
		"function":     {&forgetful{Lost: func() {}}, "Lost is lost"},
		"Equal":        {&approximate{1, map[string]int{"a": 1}}, ""},
		"changed":      {&adding{1}, "stored differently"},
		"locked":       {&locked{s: "a"}, ""},
		"referring":    {new(refer(5)), ""},
		"NaN":          {new(math.NaN()), ""},
		"itself":       {&forgetful{Lost: itself()}, "Lost"},
		"Equal panics": {&touchy{}, "comparing panicked: touched"},
		"unstorable":   {&struct{ F func() }{}, "functions"},
		"time":         {new(time.Now()), ""},
		"expression":   {regexp.MustCompile("a"), ""},
		"map of NaNs":  {&map[float64]forgetful{math.NaN(): {}}, ""},
	} {
		err := codec.CheckRoundTrip(reflect.ValueOf(test.v))
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestClone(t *testing.T) {
	v := wide{private: map[string][]inner{"a": {{1, "b"}}}, next: &wide{}}
	p, err := codec.Clone(reflect.ValueOf(&v))
	if err != nil {
		t.Fatal(err)
	}
	got := p.Interface().(*wide)
	if !reflect.DeepEqual(&v, got) {
		t.Errorf("%+v, want %+v", got, v)
	}
	got.private["a"][0].B = "changed"
	got.next.Empty = "changed"
	if v.private["a"][0].B != "b" || v.next.Empty != "" {
		t.Error("a change of the copy changed the value")
	}
	if _, err := codec.Clone(reflect.ValueOf(new(func() {}))); err == nil {
		t.Error("a function was cloned")
	}
}

func TestShares(t *testing.T) {
	type flat struct {
		N    int
		S    string
		T    time.Time
		loc  *time.Location
		A    [2]struct{ F float64 }
		uuid uuid
	}
	for _, test := range []struct {
		t    reflect.Type
		want bool
	}{
		{reflect.TypeFor[flat](), false},
		{reflect.TypeFor[int](), false},
		{reflect.TypeFor[[]byte](), true},
		{reflect.TypeFor[[1][]int](), true},
		{reflect.TypeFor[struct{ m map[int]int }](), true},
		{reflect.TypeFor[*int](), true},
		{reflect.TypeFor[list](), true},
		{reflect.TypeFor[counter](), true},
		{reflect.TypeFor[func()](), true},
	} {
		if got := codec.Shares(test.t); got != test.want {
			t.Errorf("%s: %v", test.t, got)
		}
	}
}

func TestSize(t *testing.T) {
	strings100 := make([]string, 1e6)
	for i := range strings100 {
		strings100[i] = strings.Repeat("a", 100)
	}
	sets := map[int]string{}
	for i := range 1000 {
		sets[i] = strings.Repeat("a", 100)
	}
	ring := &link{}
	ring.next = ring
	const word = int(unsafe.Sizeof(0))
	for name, test := range map[string]struct {
		v        any
		min, max int
	}{
		"int":       {new(1), word, word},
		"string":    {new("abc"), 2*word + 3, 2*word + 3},
		"bytes":     {new(make([]byte, 1000)), 3*word + 1000, 3*word + 1000},
		"strings":   {&strings100, (2*word + 100) * 1e6, (2*word + 101) * 1e6},
		"map":       {&sets, 100e3, 200e3},
		"pointer":   {new(new(1)), 2 * word, 2 * word},
		"ring":      {&ring, word, 40e3},
		"marshaler": {&forgetful{Kept: "abc"}, 4*word + 3, 4*word + 3},
		"refused":   {&struct{ F func() }{}, word, word},
		"struct":    {&wide{}, int(unsafe.Sizeof(wide{})), int(unsafe.Sizeof(wide{}))},
	} {
		if got := codec.Size(reflect.ValueOf(test.v)); got < test.min || got > test.max {
			t.Errorf("%s: %d, want %d to %d", name, got, test.min, test.max)
		}
	}
}
