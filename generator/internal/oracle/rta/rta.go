// Package rta compares the closures of versions with two independent analyses of real modules, on the SSA form of golang.org/x/tools.
//
// What rapid type analysis (Bacon and Sweeney, 1996) says that a function can call must be in the
// function's closure, as far as it is in its module: the closure counts more, never less. And where
// a function in the closure converts a value to an interface, an instruction MakeInterface, the
// methods of the value's type must be in the closure: those with exported names, and those that
// their own package calls through an interface.
package rta

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"strings"

	"golang.org/x/tools/go/callgraph/rta"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/cachegen/cachegen/generator/internal/oracle/subject"
)

// Counts say what was compared.
type Counts struct {
	// Functions were analysed.
	Functions int
	// Called are functions of the module that they can call, Converted methods of types that are converted in their closures.
	Called, Converted int
}

// String puts all counts into one line.
func (c Counts) String() string {
	return fmt.Sprintf("%d functions; %d calls and %d methods of converted types are in their closures", c.Functions, c.Called, c.Converted)
}

// Missing is a function that should be in another's closure.
type Missing struct {
	Function *subject.Function
	What     string
	At       token.Position
	// Why says which analysis misses it.
	Why string
}

// String says what is missing in which closure, and how that was found.
func (m Missing) String() string {
	return fmt.Sprintf("%s: %s %s and is not in the closure of %s %s", m.At, m.What, m.Why, m.Function.Package, m.Function.Name)
}

// Compare compares the closures of at most so many functions of a module, evenly chosen.
func Compare(ctx context.Context, m *subject.Module, atMost int) (Counts, []Missing, error) {
	loaded, err := packages.Load(&packages.Config{
		Context: ctx, Dir: m.Dir, Mode: packages.LoadAllSyntax,
		Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"),
	}, "./...")
	if err != nil {
		return Counts{}, nil, err
	}
	program, _ := ssautil.AllPackages(loaded, ssa.InstantiateGenerics)
	program.Build()
	c := &comparison{module: m.Path, fset: program.Fset, converted: map[token.Position][]*types.Func{}, invoked: map[string]bool{}}
	functions := c.declared(program)
	for i := 0; i < len(m.Functions); i += max(len(m.Functions)/atMost, 1) {
		f := m.Functions[i]
		at := m.Position(f.Object.Pos())
		if s := functions[at]; s != nil {
			c.counts.Functions++
			c.calls(f, s)
			c.conversions(f)
		}
	}
	return c.counts, c.missing, ctx.Err()
}

// comparison is the comparison of one module.
type comparison struct {
	module string
	fset   *token.FileSet
	// converted are the methods of the types that the function declared at a place converts to interfaces.
	converted map[token.Position][]*types.Func
	// invoked are the methods that something calls through an interface, by their ids.
	invoked map[string]bool
	counts  Counts
	missing []Missing
}

// declared lists the module's functions by where they are declared, and notes what they convert.
func (c *comparison) declared(program *ssa.Program) map[token.Position]*ssa.Function {
	found := map[token.Position]*ssa.Function{}
	all := ssautil.AllFunctions(program)
	for f := range all {
		c.invokedIn(f)
	}
	for f := range all {
		if f.Parent() != nil || !c.local(f) {
			continue
		}
		if _, ok := f.Syntax().(*ast.FuncDecl); !ok || f.Name() == "init" || strings.HasPrefix(f.Name(), "init#") {
			continue
		}
		at := c.fset.PositionFor(f.Pos(), false)
		if f.Origin() == nil {
			found[at] = f
		}
		c.convertedIn(f, at)
	}
	return found
}

func (c *comparison) local(f *ssa.Function) bool {
	if o := f.Origin(); o != nil {
		f = o
	}
	return f.Pkg != nil && c.inModule(f.Pkg.Pkg)
}

func (c *comparison) inModule(p *types.Package) bool {
	return p != nil && (p.Path() == c.module || strings.HasPrefix(p.Path(), c.module+"/"))
}

// invokedIn notes the methods that a function calls through interfaces.
func (c *comparison) invokedIn(f *ssa.Function) {
	for _, b := range f.Blocks {
		for _, i := range b.Instrs {
			if call, ok := i.(ssa.CallInstruction); ok && call.Common().IsInvoke() {
				c.invoked[call.Common().Method.Id()] = true
			}
		}
	}
}

// convertedIn notes the methods of the types that a function and those in it convert.
func (c *comparison) convertedIn(f *ssa.Function, at token.Position) {
	for _, b := range f.Blocks {
		for _, i := range b.Instrs {
			m, ok := i.(*ssa.MakeInterface)
			if !ok {
				continue
			}
			set := types.NewMethodSet(m.X.Type())
			for s := range set.Methods() {
				method, ok := s.Obj().(*types.Func)
				if !ok || !c.inModule(method.Pkg()) || types.IsInterface(method.Signature().Recv().Type()) {
					continue
				}
				if method.Exported() || c.invoked[method.Id()] {
					c.converted[at] = append(c.converted[at], method.Origin())
				}
			}
		}
	}
	for _, inner := range f.AnonFuncs {
		c.convertedIn(inner, at)
	}
}

// calls compares what a function can call.
func (c *comparison) calls(f *subject.Function, s *ssa.Function) {
	for called := range rta.Analyze([]*ssa.Function{s}, false).Reachable {
		for called.Parent() != nil {
			called = called.Parent()
		}
		if o := called.Origin(); o != nil {
			called = o
		}
		if _, ok := called.Syntax().(*ast.FuncDecl); !ok || !c.local(called) || strings.HasPrefix(called.Name(), "init#") {
			continue // a wrapper calls what counts
		}
		c.counts.Called++
		if at := c.fset.PositionFor(called.Pos(), false); !f.Has(at) {
			c.missing = append(c.missing, Missing{f, called.String(), at, "can be called"})
		}
	}
}

// conversions compares the methods of types that are converted in a function's closure.
func (c *comparison) conversions(f *subject.Function) {
	for at, methods := range c.converted {
		if !f.Has(at) {
			continue
		}
		for _, m := range methods {
			c.counts.Converted++
			if to := c.fset.PositionFor(m.Pos(), false); !f.Has(to) {
				c.missing = append(c.missing, Missing{f, m.FullName(), to, "is a method of a type that is converted at " + at.String()})
			}
		}
	}
}
