// Package model is what the generator knows about the functions to cache: plain data with positions. Building it validates directives
// against the functions they are on; checking types, computing versions and emitting code read it.
package model

import (
	"go/ast"
	"go/token"
	"go/types"
	"time"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// Package is a package with at least one cached function.
type Package struct {
	*load.Package
	// Functions are in order of their file names and positions.
	Functions []*Function
}

// Behaviour is what a function's directive asks for.
type Behaviour uint8

// The behaviours. Inherit is resolved to the package's default when the model is built.
const (
	Auto Behaviour = iota
	Override
	Disable
)

// Function is a function or method with a directive.
type Function struct {
	Obj  *types.Func
	Decl *ast.FuncDecl
	Pos  token.Position // of its name
	// File is the absolute name of its file; Build is that file's build constraint ("" for none), as in a //go:build line.
	File, Build string

	Behaviour    Behaviour
	Directive    string         // the directive's text, with its continuation lines, as written
	DirectivePos token.Position // of the behaviour line

	// Name is the function's: import path + "." + [Type + "."] + function.
	Name string
	// Wrapper, Controls, Args and Results are the identifiers to generate. Results is "" with fewer than two results.
	Wrapper, Controls, Args, Results string

	// Receiver is nil for a function. Params are the parameters in order, without the receiver, with the context.
	Receiver *Param
	Params   []*Param
	// Context is the parameter that is the leading context.Context, or nil.
	Context *Param
	// Values are the results without a final error; HasError says whether there is one.
	Values   []*Value
	HasError bool

	Options Options
	// Unsupported would be here if an option were parsed and not implemented: it is an error instead.
}

// Param is a parameter or receiver.
type Param struct {
	Var *types.Var
	// Name is how generated code calls it: its own name, or a made-up one where that is blank, missing or taken.
	Name string
	// Field is its field in the arguments' struct.
	Field string
	// Ignored parameters (and the context) stay out of the key.
	Ignored  bool
	Secret   bool
	Variadic bool
	Pos      token.Position
}

// Keyed reports whether the parameter is in the key.
func (p *Param) Keyed() bool { return !p.Ignored }

// Value is a result other than the error.
type Value struct {
	Var   *types.Var
	Name  string // field in the results' struct
	Field string
	Pos   token.Position
}

// Options are the options in force: the package's defaults and the function's own, checked.
type Options struct {
	// MaxAge is nil without a limit; MaxAgeFunc decides by the value.
	MaxAge     *time.Duration
	MaxAgeFunc *FuncRef

	Key      *FuncRef
	Vary     []*FuncRef
	Validate *FuncRef
	Unless   *FuncRef

	Namespace, Salt, Version string

	// Body selects policy body, Toolchain adds policy go, Policies are functions.
	Body, Toolchain bool
	Policies        []*FuncRef

	PerRun, PerReceiver bool

	Serialize bool
	Lease     time.Duration // 0: the default
	NoJoin    bool          // coalesce=off

	StaleWhileRevalidate, StaleIfError, ErrorMaxAge time.Duration

	Target string
	Store  string

	MemoryEntries int // 0: the default
	Share         bool
	Tags          []string
	Batch         *Param

	KeepInputs, KeepFailed bool
	Reviewed, Trust        bool

	// Pos is where each option that is in force was written, by option name.
	Pos map[string]token.Position
}

// FuncRef is a function that an option names: of the same package, or of one that the file imports.
type FuncRef struct {
	Obj *types.Func
	// WithError says that it has a final error result where that is optional (key).
	WithError bool
	Pos       token.Position
}
