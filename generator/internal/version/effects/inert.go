package effects

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// A variable is inert if it leads to no memory that anybody can change: all that is ever stored in
// it are values such as errors.New returns, and nobody takes its address. What has such a value has
// nothing in common with others that have it. A variable in which nothing is stored is none: files
// that other targets take may do so. Those of the standard library that only take what is written
// to them, such as os.Stderr, and those that hold errors, such as io.EOF, are some as long as no
// program assigns them.

// findInert finds the inert variables, once the bodies of all packages are known.
func (p *Program) findInert(packages []*facts.Effects, links []facts.Link) {
	stored, stirred := make([]bool, len(p.ids)), make([]bool, len(p.ids))
	for _, f := range packages {
		for _, id := range f.Sentinels {
			stored[p.globals[id]] = true
		}
	}
	for _, b := range p.order {
		b.assigned(stored, stirred)
	}
	for _, l := range links {
		for _, id := range []facts.ID{l.Local, l.Target} {
			if g, ok := p.globals[id]; ok {
				stirred[g] = true
			}
		}
	}
	p.inert = make([]bool, len(p.ids))
	for g := range p.inert {
		p.inert[g] = (stored[g] || stdmodel.Sink(p.ids[g])) && !stirred[g] && !p.hides[g]
	}
}

// assigned marks the variables in which the body stores values that lead to nothing, and those in which it stores others, or whose address it takes.
func (b *body) assigned(inert, others []bool) {
	frozen := b.frozenResults()
	mark := func(variables []bool, from []facts.Source) {
		for _, s := range from {
			if s.Kind() == facts.GlobalSource && !s.Deep() {
				variables[b.numbering.globals[s.Number()]] = true
			}
		}
	}
	address := func(from []facts.Source) { mark(others, from) }
	for i := range b.Ops {
		o := &b.Ops[i]
		address(o.Value)
		for _, arg := range o.Args {
			address(arg.Value)
		}
		if o.Kind != facts.OpLoad && o.Kind != facts.OpStore {
			address(o.Base)
		}
		holds := slices.ContainsFunc(o.Value, func(s facts.Source) bool {
			return s.Kind() != facts.ResultSource || s.Deep() || !frozen[s.Number()]
		})
		switch {
		case o.Kind != facts.OpStore || len(o.Value) == 0:
		case holds:
			address(o.Base)
		default:
			mark(inert, o.Base)
		}
	}
	address(b.Returns)
	address(b.Errors)
}

// frozenResults are the results of calls that lead to no memory which anybody can change.
func (b *body) frozenResults() map[int]bool {
	frozen := map[int]bool{}
	for i := range b.Ops {
		o := &b.Ops[i]
		for _, result := range []int{o.Result, o.Error} {
			known, seen := frozen[result]
			frozen[result] = (known || !seen) && result > 0 && o.Kind == facts.OpMake && o.Frozen && len(o.Base) == 0
		}
	}
	return frozen
}
