package extract

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// Versions are computed for one target and hold on all. So a constant whose value is another on another target must not be folded:
// what remains is how it is computed.

// dependsOnTarget reports whether the value of a constant expression does.
func (e *encoder) dependsOnTarget(x ast.Expr) bool { return usesTarget(e.info, e.targetConstants, x) }

// usesTarget reports whether x mentions what differs between targets.
func usesTarget(info *types.Info, constants targetConstants, x ast.Node) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && !found {
			switch o := info.Uses[id].(type) {
			case *types.Const:
				found = constants.has(o) || isPackageLevel(o) && stdmodel.TargetConstant(IDOf(o))
			case *types.Builtin:
				found = slices.Contains([]string{"Sizeof", "Alignof", "Offsetof"}, o.Name())
			}
		}
		return !found
	})
	return found
}

// targetConstants are the user's constants that depend on the target.
type targetConstants struct {
	named map[facts.ID]bool
	// local are those that are declared in functions, with how they are computed.
	local map[*types.Const]ast.Expr
}

func (t targetConstants) has(c *types.Const) bool {
	return t.local[c] != nil || isPackageLevel(c) && t.named[IDOf(c)]
}

// knownConstants are the constants of packages that were summarised.
func knownConstants(summaries []*facts.Summary) map[facts.ID]bool {
	named := map[facts.ID]bool{}
	for _, s := range summaries {
		for _, n := range s.Nodes {
			if n.Kind == facts.Constant {
				named[n.ID] = true
			}
		}
	}
	return named
}

// addAll adds the constants of a package.
func (t targetConstants) addAll(p *load.Package) {
	if p.Info != nil {
		for t.add(p) {
		}
	}
}

// add finds the constants of a package that depend on the target by what is known so far, and reports whether there are more.
func (t targetConstants) add(p *load.Package) bool {
	changed := false
	eachConstant(p, func(c *types.Const, value ast.Expr) {
		if t.has(c) || !usesTarget(p.Info, t, value) {
			return
		}
		changed = true
		if isPackageLevel(c) {
			t.named[IDOf(c)] = true
		} else {
			t.local[c] = value
		}
	})
	return changed
}

// eachConstant visits the package's constants with their expressions, implicit ones too.
func eachConstant(p *load.Package, visit func(*types.Const, ast.Expr)) {
	for _, file := range p.Syntax {
		ast.Inspect(file, func(n ast.Node) bool {
			if g, ok := n.(*ast.GenDecl); ok && g.Tok == token.CONST {
				for i := range g.Specs {
					constantsOf(p.Info, g, i, visit)
				}
			}
			return true
		})
	}
}

// constantsOf visits the constants of the spec at i of a group.
func constantsOf(info *types.Info, g *ast.GenDecl, i int, visit func(*types.Const, ast.Expr)) {
	values := g.Specs[i].(*ast.ValueSpec).Values
	for j := i; len(values) == 0 && j > 0; {
		j--
		values = g.Specs[j].(*ast.ValueSpec).Values
	}
	for j, name := range g.Specs[i].(*ast.ValueSpec).Names {
		if c, ok := info.Defs[name].(*types.Const); ok && name.Name != "_" && j < len(values) {
			visit(c, values[j])
		}
	}
}

// constants makes nodes of the constants at i that depend on the target. All others are folded where they are used.
func (d *declarer) constants(g *ast.GenDecl, i int) {
	constantsOf(d.info, g, i, func(c *types.Const, value ast.Expr) {
		if !d.targetConstants.named[IDOf(c)] {
			return
		}
		e := d.encode(facts.Constant, IDOf(c), g.Specs[i])
		e.typ(c.Type())
		e.count(i) // iota
		e.expr(value)
		d.finish(e)
	})
}
