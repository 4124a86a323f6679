package facts

import (
	"slices"
	"strings"
)

// Flow says where in a function values go that can carry behaviour: interfaces, functions, and what holds them. Local variables
// between which such values may pass are one class (Steensgaard, POPL 1996: one pass, no order), so a class is all that a
// call site needs to mention.
type Flow struct {
	// Classes is their number. A class is -1 where nothing carries behaviour.
	Classes int
	// Params are the classes of the parameters, the receiver's first.
	Params []int
	// Returns is the class of all results.
	Returns int
	Calls   []Call
	// Globals are the package variables that belong to classes.
	Globals []Held
	// FromContext are the classes of values that a context gave.
	FromContext []int
	// Literals are the function literals by signature; those who call them pass what belongs to their class.
	Literals []Literal
	// Values are functions and methods that are mentioned but not called.
	Values []Held
}

// None is the class of what carries no behaviour.
const None = -1

// Held is an object with the class that it belongs to.
type Held struct {
	ID    ID
	Class int
	// Signature is that of a function.
	Signature Shape
}

// Literal is a function literal.
type Literal struct {
	Signature Shape
	Class     int
}

// Call is a call with the classes of what goes in and comes out.
type Call struct {
	// Callee is the function if it is known.
	Callee ID
	// Interface and Method are what a dynamic call goes through; Signature is that of a function value.
	Interface *Interface
	Method    string
	Signature Shape
	// Receiver is the class of the interface or function value of a dynamic call.
	Receiver int
	// Args are the classes of arguments, a static method's receiver first, Results that of the results.
	Args    []int
	Results int
	// Opaque is for calls of code that nobody sees: what can be called through each argument.
	Opaque       []Exposure
	Line, Column int
}

// Exposure is what whoever gets a value can call through it.
type Exposure struct {
	Interfaces []*Interface
	Functions  []Shape
	Types      []ID // method nodes
}

// Shape identifies a type without naming types of a program: the hash of its canonical form. That of a function's signature begins
// with how many parameters and results it has. What follows are pieces of the hashes of their types, zero where a type parameter is in one.
type Shape [16]byte

// arityLen is how much of the shape of a signature says how many parameters and results there are.
const arityLen = 3

// SignatureShape is the shape of a signature whose parameters and results have shapes: the zero shape where they are not known.
func SignatureShape(params, results int, variadic bool, types []Shape) Shape {
	s := Shape{byte(min(params, 255)), byte(min(results, 255)), 1}
	if variadic {
		s[2] = 2
	}
	width := s.width()
	for i := 0; i < len(types) && arityLen+(i+1)*width <= len(s); i++ {
		if types[i] != (Shape{}) {
			piece := s[arityLen+i*width:][:width]
			copy(piece, types[i][:])
			piece[0] |= 1 // no piece is zero
		}
	}
	return s
}

// width is how long the pieces of a signature's shape are.
func (s Shape) width() int { return max(1, (len(s)-arityLen)/max(1, int(s[0])+int(s[1]))) }

// Arity is the shape of all signatures with as many parameters and results as that with the shape.
func (s Shape) Arity() Shape { return Shape{s[0], s[1], s[2]} }

// Fits reports whether two signatures may be the same: where types are known in both they are.
func (s Shape) Fits(other Shape) bool {
	if s.Arity() != other.Arity() {
		return false
	}
	width := s.width()
	for at := arityLen; at+width <= len(s); at += width {
		mine, theirs := s[at:at+width], other[at:at+width]
		if mine[0] != 0 && theirs[0] != 0 && string(mine) != string(theirs) {
			return false
		}
	}
	return true
}

// Interface is an interface as far as it can be implemented.
type Interface struct {
	Name    string
	Methods []Method
}

// Method is a method of an interface, or of a type with what implements it.
type Method struct {
	Name string
	// Signature is the zero shape where type parameters are in it: it may be any.
	Signature Shape
	// Func is what implements it, if that is known; Through is the embedded interface whose value does.
	Func    ID
	Through *Interface
}

// fits reports whether one method may be the other.
func (m Method) fits(other Method) bool {
	return m.Name == other.Name && (m.Signature == other.Signature || m.Signature == Shape{} || other.Signature == Shape{})
}

// Identity is the same for interfaces with the same methods.
func (i *Interface) Identity() string {
	var b strings.Builder
	for _, m := range i.Methods {
		b.WriteString(m.Name)
		b.WriteByte(' ')
		b.Write(m.Signature[:])
	}
	return b.String()
}

// Method finds a method by name.
func (i *Interface) Method(name string) (Method, bool) {
	k := slices.IndexFunc(i.Methods, func(m Method) bool { return m.Name == name })
	if k < 0 {
		return Method{}, false
	}
	return i.Methods[k], true
}
