package memory

import (
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// unknownSource is memory of which nobody knows whose it is.
var unknownSource = []facts.Source{facts.NewSource(facts.UnknownSource, 0, false)}

// madeOutside lets functions of a signature be some that code outside made, such as the yield that an iterator is given, or the next of
// iter.Pull: nobody knows where such a function leaves what it is called with, nor where it has from what it returns. It reports whether such
// a function gets hold of memory.
func (x *extractor) madeOutside(s *types.Signature) bool {
	b := &facts.Body{Name: facts.ForeignName + "\x00" + x.callKey(s), Units: [][]facts.ID{nil}}
	gets := x.parameters(b, s)
	if x.values[b.Name] {
		return len(gets) > 0
	}
	x.values[b.Name] = true
	if len(gets) > 0 {
		b.Ops = []facts.Op{{Kind: facts.OpLeak, Base: gets}}
	}
	returnsAll(b, join(unknownSource, gets))
	x.effects.Bodies = append(x.effects.Bodies, b)
	x.answer(x.callKey(s), b.Name)
	return len(gets) > 0
}

// parameters gives a body the parameters of a signature, and returns the memory that it gets by
// them.
func (x *extractor) parameters(b *facts.Body, s *types.Signature) []facts.Source {
	var gets []facts.Source
	for v := range s.Params().Variables() {
		if i := len(b.Params); refers(v.Type()) {
			gets = append(gets, facts.NewSource(facts.ParamSource, i, false), facts.NewSource(facts.ParamSource, i, true))
		}
		b.Params = append(b.Params, x.typeRow(v.Type()))
	}
	return gets
}

// made lets functions of a signature be one that code outside made of what it was given, as
// reflect.Swapper does and sync.OnceValue. Such a function keeps a state, and may return what it
// holds. If nothing is known of who made it, it may also write to all that it holds or is called
// with.
func (x *extractor) made(s *types.Signature, unknown bool) {
	name := "made of known"
	if unknown {
		name = "made"
	}
	b := &facts.Body{Name: facts.ForeignName + "\x00" + name + " " + x.callKey(s), Units: [][]facts.ID{nil}, Free: 1}
	if x.values[b.Name] {
		return
	}
	x.values[b.Name] = true
	gets := x.parameters(b, s)
	own := facts.NewSource(facts.ParamSource, len(b.Params), false)
	holds := []facts.Source{own, own | 1}
	b.Params = append(b.Params, x.typeRow(types.NewInterfaceType(nil, nil)))
	state := []int{x.location(facts.ForeignState)}
	b.Ops = []facts.Op{
		{Kind: facts.OpLoad, Base: holds, Locations: state},
		{Kind: facts.OpStore, Base: holds, Locations: state, May: true},
	}
	if unknown {
		b.Ops = append(b.Ops, facts.Op{Kind: facts.OpStore, Base: join(holds, gets), Locations: []int{x.location(facts.Anything)}, May: true})
		if len(gets) > 0 {
			b.Ops = append(b.Ops, facts.Op{Kind: facts.OpKeep, Base: holds, Value: gets})
		}
	}
	returns(b, s.Results(), join(holds, gets))
	x.effects.Bodies = append(x.effects.Bodies, b)
	x.answer(x.callKey(s), b.Name)
}
