package facts

import (
	"cmp"
	"crypto/sha256"
	"go/token"
	"slices"
)

// Schema numbers the canonical form. It is in every hash, so that two forms never meet.
const Schema = 3

// ID names a node. Objects are named by their package's path and their own name, methods by "Type.Method"; other nodes have names
// that no object can have.
type ID struct{ Package, Name string }

// String is the ID as users know objects: "example.com/weather.Client.Today".
func (id ID) String() string {
	if id.Package == "" {
		return id.Name
	}
	return id.Package + "." + id.Name
}

// Compare orders IDs by package and name.
func (id ID) Compare(other ID) int {
	return cmp.Or(cmp.Compare(id.Package, other.Package), cmp.Compare(id.Name, other.Name))
}

// Kind says what a node is.
type Kind uint8

// The kinds of nodes. The first group has content and is part of a version, the second only leads to others.
const (
	Function Kind = iota + 1
	Type
	Variable
	Constant // whose value depends on the target; others are folded into what mentions them
	Init     // an init function, or the initialiser of a blank variable
	Order    // in which order initialisers run that affect each other
	Assembly
	Cgo
	OtherTargets // the files that the target leaves out
	Vendored     // a package outside, read from a vendor directory
	Fixed        // the version that override gives a function

	Methods         // the methods of a type that was converted to an interface
	Asked           // those of them that code asks for of which it is known what it asks for
	Wrapper         // what was generated for a function
	Package         // what comes with any part of a package
	Contents        // all of a package
	Implementations // what may stand behind an interface or function value
	Outside         // an object of a package that is not the user's own
)

var kindNames = [...]string{
	Function: "function", Type: "type", Variable: "variable", Constant: "constant", Init: "init", Order: "order of initialisation",
	Assembly: "assembly", Cgo: "cgo", OtherTargets: "files of other targets", Vendored: "vendored package", Fixed: "fixed version",
	Methods: "methods", Asked: "methods that are asked for", Wrapper: "wrapper", Package: "package", Contents: "contents of package", Implementations: "implementations", Outside: "outside",
}

// String is the kind as explanations call it.
func (k Kind) String() string { return kindNames[k] }

// Reason says why an edge is there. Each follows from one rule.
type Reason uint8

// The reasons of edges.
const (
	Uses Reason = iota + 1
	Calls
	Converts
	TypeArgument
	HasMethod
	Contains
	WrittenBy
	RunsInit
	Embeds
	LinksTo
	Wraps
	KeyedBy
	ReturnsValue
	ImplementedBy
	BuiltWith
	ByReflection
	HandsOut
	RunsAfter
	LooksInto
)

// reasons are how explanations call reasons, and the rules by which there are such edges.
var reasons = [...]struct {
	name string
	rule Rule
}{
	Uses:          {"uses", RuleReach},
	Calls:         {"calls", RuleReach},
	Wraps:         {"wraps", RuleReach},
	KeyedBy:       {"is keyed by", RuleReach},
	Embeds:        {"embeds", RuleReach},
	LinksTo:       {"is linked to", RuleReach},
	BuiltWith:     {"is built with", RuleReach},
	RunsInit:      {"is initialised by", RuleMemory},
	WrittenBy:     {"is written by", RuleMemory},
	RunsAfter:     {"runs after", RuleOrder},
	Converts:      {"converts to interface", RuleDispatch},
	TypeArgument:  {"passes as type argument", RuleDispatch},
	HasMethod:     {"has method", RuleDispatch},
	Contains:      {"contains", RuleDispatch},
	ReturnsValue:  {"returns", RuleDispatch},
	ByReflection:  {"offers to reflection", RuleDispatch},
	ImplementedBy: {"may be implemented by", RuleDispatch},
	HandsOut:      {"hands to other code", RuleOutside},
	LooksInto:     {"looks into", RuleContext},
}

// String is the reason as a verb: "calls".
func (r Reason) String() string { return reasons[r].name }

// Rule is the rule by which there is an edge with the reason.
func (r Reason) Rule() Rule { return reasons[r].rule }

// Node is a declaration as far as versions care. It is plain data.
type Node struct {
	ID   ID
	Kind Kind
	// File and the line and column are the place of the declaration. Positions of edges are in the same file.
	File         string
	Line, Column int
	// Lines is its size in lines of source.
	Lines int
	// Skeleton is the hash of the canonical form with the names of package objects left out, Names those names by first occurrence.
	// Apart, so that a function's own name can be left out of its version.
	Skeleton [sha256.Size]byte
	Names    []ID
	// Edges have different targets.
	Edges []Edge
	// Writes are the package variables that it changes.
	Writes []Edge
	// Flow says where values go that can carry behaviour; nil unless it is code.
	Flow *Flow
	// Literal is the signature of a function literal, nil for anything else.
	Literal *Shape
	// Set are the methods of a type that was converted, of pointers to it and promoted ones too. Generic says that it has
	// type parameters, so that signatures can't be compared.
	Set     []Method
	Generic bool
	// Data says that values of the type can be told apart where they are behind an interface.
	Data bool
	// Reference says that a variable is a pointer, map, slice, channel or interface.
	Reference bool
	// Synchroniser says that a variable only synchronises, such as a lock or pool.
	Synchroniser bool
	// Receiver is the generic type that a method belongs to.
	Receiver ID
	// TypeParams are the uses of type parameters in which the methods of what they stand for can matter.
	TypeParams []TypeParamUse
	// Identities are the places where it tells values apart by address.
	Identities []Identity
	// ContextArgs are the type parameters of what it calls that stand for contexts there.
	ContextArgs []TypeParamUse
	// Parts describe its content for explanations.
	Parts []Part
	// Reviewed says that //cache:reviewed is on the declaration.
	Reviewed bool
	// Linked are the string variables of the declaration: the linker can set them. "C" stands for C code.
	Linked []string

	// hash is the local hash with all names, if it was hashed.
	hash   [sha256.Size]byte
	hashed bool
}

// Position is the node's place.
func (n *Node) Position() token.Position {
	return token.Position{Filename: n.File, Line: n.Line, Column: n.Column}
}

// At is the place of the cause of e, an edge of n.
func (n *Node) At(e Edge) token.Position {
	if e.Line == 0 {
		return n.Position()
	}
	return token.Position{Filename: n.File, Line: e.Line, Column: e.Column}
}

// Edge leads to what a node depends on.
type Edge struct {
	To           ID
	Reason       Reason
	Line, Column int // in the file of the node; 0 for the node's own place
}

// Part is a readable part of a declaration, such as its signature or the value of a constant that it mentions. Two parts with one
// name and different values are a change that can be told.
type Part struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Content reports whether nodes of a kind are part of versions.
func (k Kind) Content() bool { return k >= Function && k <= Fixed }

// Implements reports whether the type of a method node, or a pointer to it, implements an interface.
func (n *Node) Implements(iface *Interface) bool {
	for _, want := range iface.Methods {
		m, ok := n.Method(want.Name)
		if !ok || !m.fits(want) && !n.Generic {
			return false
		}
	}
	return true
}

// Has reports whether the type of a method node, or a pointer to it, has methods of all these names.
func (n *Node) Has(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { _, ok := n.Method(name); return !ok })
}

// Method returns the method of that name, of a type or a pointer to it.
func (n *Node) Method(name string) (Method, bool) {
	i := slices.IndexFunc(n.Set, func(m Method) bool { return m.Name == name })
	if i < 0 {
		return Method{}, false
	}
	return n.Set[i], true
}

// TypeParamUse is a use of a function's type parameter: if Callee is not given, one in which its methods can be called, otherwise
// as type argument at Index of the callee.
type TypeParamUse struct {
	Param        int
	Callee       ID
	Index        int
	Line, Column int
}
