// Package model is what the generator knows about the functions to cache: plain data with
// positions. Building it validates directives against the functions they are on; checking types,
// computing versions and emitting code read it.
package model

import (
	"go/ast"
	"go/token"
	"go/types"
	"time"

	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/generator/internal/load"
)

// Package is a package with at least one cached function.
type Package struct {
	*load.Package
	// Functions are in order of their file names and positions.
	Functions []*Function
	// File is what the names of its generated files begin with, instead of "cache"; "" if nothing
	// is said.
	File string
}

// Behaviour is what a function's directive asks for.
type Behaviour uint8

// The behaviours. Inherit is resolved to the package's default when the model is built.
const (
	Auto Behaviour = iota
	Override
	Disable
)

// String is the behaviour as directives spell it.
func (b Behaviour) String() string { return [...]string{"auto", "override", "disable"}[b] }

// Function is a function or method with a directive.
type Function struct {
	Obj  *types.Func
	Decl *ast.FuncDecl
	Pos  token.Position // of its name
	// File is the absolute name of its file; Build is that file's build constraint ("" for none),
	// as in a //go:build line.
	File, Build string

	Behaviour    Behaviour
	Directive    string         // the directive's text, with its continuation lines, as written
	DirectivePos token.Position // of the behaviour line

	// Name is the function's: import path + "." + [Type + "."] + function.
	Name string
	// Wrapper, Controls, Args and Results are the identifiers to generate. Results is "" with fewer
	// than two results.
	Wrapper, Controls, Args, Results string

	// Receiver is nil for a function. Params are the parameters in order, without the receiver,
	// with the context.
	Receiver *Param
	Params   []*Param
	// Context is the parameter that is the leading context.Context, or nil.
	Context *Param
	// Values are the results without a final error; HasError says whether there is one.
	Values   []*Value
	HasError bool

	Options Options
	set     settings // of which the options are made
}

// TypeParams returns the type parameters of the function or of its receiver's type: nil if there
// are none.
func (f *Function) TypeParams() *types.TypeParamList {
	if s := f.Obj.Signature(); s.RecvTypeParams().Len() > 0 {
		return s.RecvTypeParams()
	} else if s.TypeParams().Len() > 0 {
		return s.TypeParams()
	}
	return nil
}

// Inputs returns the keyed parameters in order, the receiver first. With the option key they are
// among what that says, or there are none.
func (f *Function) Inputs() []*Param {
	var keyed []*Param
	for _, p := range f.All() {
		if p.Keyed() {
			keyed = append(keyed, p)
		}
	}
	return keyed
}

// Kept returns the results that are kept.
func (f *Function) Kept() []*Value {
	var kept []*Value
	for _, v := range f.Values {
		if !v.Dropped {
			kept = append(kept, v)
		}
	}
	return kept
}

// All returns the receiver, if any, and the parameters.
func (f *Function) All() []*Param {
	if f.Receiver == nil {
		return f.Params
	}
	return append([]*Param{f.Receiver}, f.Params...)
}

// Param is a parameter or receiver.
type Param struct {
	Var *types.Var
	// Name is how generated code calls it: its own name, or a made-up one where that is blank,
	// missing, or that of something that generated code has to reach: an import, a function or type
	// of the package, what is predeclared. No two are alike.
	Name string
	// Field is its field in the arguments' struct; "" if it has none.
	Field string
	// Ignored parameters stay out of the key. Contexts always do, and so does the receiver with
	// per=receiver.
	Ignored bool
	// Derived says that the option key says what of the parameter is in the key, if anything: it is
	// not in it as a whole.
	Derived  bool
	Secret   bool
	Variadic bool
	Pos      token.Position
}

// Keyed reports whether the whole parameter is in the key. One that isn't is a dependency.
func (p *Param) Keyed() bool { return !p.Ignored && !p.Derived }

// Value is a result other than the error.
type Value struct {
	Var *types.Var
	// Name is how generated code calls it; it is none of the parameters' names.
	Name string
	// Field is its field in the results' struct.
	Field string
	// Dropped says that the result is not kept: it is zero on a hit.
	Dropped bool
	Pos     token.Position
}

// Options are the options in force: the package's defaults and the function's own, checked.
type Options struct {
	// MaxAge is nil without a limit; MaxAgeFunc decides by the value.
	MaxAge     *time.Duration
	MaxAgeFunc *FuncRef

	// Key is the function of the option key, KeyParts its list: one of them at most.
	Key      *FuncRef
	KeyParts []*KeyPart

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
	NoSecrets bool          // secret=off

	StaleWhileRevalidate, StaleIfError, ErrorMaxAge time.Duration

	// Target is the template, TargetParts the same cut into parts.
	Target      string
	TargetParts []directive.Part
	Store       string

	// Portable says that results don't depend on the build.
	Portable bool

	MemoryEntries int // 0: the default
	Share         bool
	// Types are those that can be behind interfaces in the results.
	Types []types.Type
	Tags  []string
	Batch *Param

	KeepInputs, KeepFailed bool
	Reviewed, Trust        bool

	// Pos is where each option that is in force was written, by option name. An option of the
	// package's default has its place there.
	Pos map[string]token.Position
}

// FuncRef is a function that an option names: of the same package, or of one that the file imports.
type FuncRef struct {
	Obj *types.Func
	// Signature is the function's; that of a generic one in terms of the type parameters of the
	// function that names it, with which generated code instantiates it.
	Signature *types.Signature
	Generic   bool
	// WithReceiver says that a method's key function takes the receiver first.
	WithReceiver bool
	// WithError says that it has a final error result where that is optional (key).
	WithError bool
	Pos       token.Position
}
