package facts

import (
	"slices"
)

// Memory says which memory of its parameters and of package variables a function writes to, as far as it can be told one function at
// a time: calls are left open until the callee is known.
//
// A value has its own memory, which it points to, and deeper memory, which is reached through pointers in there. A copy made by
// slices.Clone has new memory of its own and the old deeper one.
type Memory struct {
	Writes []MemoryWrite
	Calls  []MemoryCall
	// Params say what memory can be reached from each parameter.
	Params []Reach
	// Results is what the results may point to.
	Results Value
}

// Value says what a value may point to: whose memory is its own, and whose can be reached through it.
type Value struct{ Own, Deep []Origin }

// Origin is where memory comes from: a parameter, the receiver being 0, the results of a call of the function, or a package variable.
type Origin struct {
	Kind  OriginKind
	Index int
	ID    ID
	// Deep is the memory behind the origin's own.
	Deep bool
	// Memory is what kind of memory is written to, where that is told: by its shape a write is known not to be to what a
	// parameter can reach.
	Memory Shape
}

// OriginKind says what an origin is.
type OriginKind uint8

// The kinds of origins.
const (
	FromParam OriginKind = iota + 1
	FromResult
	FromVariable
)

// MemoryWrite is a write through something to its own memory.
type MemoryWrite struct {
	To           []Origin
	Memory       Shape
	Line, Column int
}

// Reach is the memory that can be reached from a value, by the shapes of the types that it is made of.
type Reach struct {
	Any    bool
	Shapes []Shape
}

// Has reports whether memory of a shape can be reached. The zero shape is any.
func (r Reach) Has(memory Shape) bool {
	return r.Any || memory == Shape{} || slices.Contains(r.Shapes, memory)
}

// MemoryCall is a call that may write through its arguments or return what they point to.
type MemoryCall struct {
	Callee ID
	// Interface and Method are what a dynamic call goes through.
	Interface *Interface
	Method    string
	// Args are the arguments, the receiver first.
	Args []Value
	// Asked are the methods that code outside may call on arguments.
	Asked []Asked
	// Writes are the arguments that a function outside writes through, Memories the shapes of what it writes to.
	Writes       []int
	Memories     []Shape
	Line, Column int
	// Fresh says that what a function outside returns shares no memory of its own with its arguments, Distinct that it shares none at all.
	Fresh, Distinct bool
}

// Asked is an argument whose methods code outside may call.
type Asked struct {
	Arg       int
	Type      ID // method node
	Interface *Interface
}

// Merge adds origins to a set and reports whether it grew.
func Merge(to *[]Origin, from []Origin) bool {
	grew := false
next:
	for _, o := range from {
		for _, have := range *to {
			if have == o {
				continue next
			}
		}
		*to = append(*to, o)
		grew = true
	}
	return grew
}

func (v *Value) Merge(from Value) bool {
	own, deep := Merge(&v.Own, from.Own), Merge(&v.Deep, from.Deep)
	return own || deep
}

// Load is what is read through v: what it points to may in turn point to anything deeper.
func (v Value) Load() Value { return Value{v.Deep, v.Deep} }

// All are the origins at any depth.
func (v Value) All() []Origin {
	all := append([]Origin(nil), v.Own...)
	Merge(&all, v.Deep)
	return all
}

// Boxed is a value that v was put into: it has new memory of its own.
func (v Value) Boxed() Value { return Value{nil, v.All()} }

func OriginValue(o Origin) Value {
	deep := o
	deep.Deep = true
	return Value{[]Origin{o}, []Origin{deep}}
}
