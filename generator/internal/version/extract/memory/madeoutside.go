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
	var gets []facts.Source
	i := 0
	for v := range s.Params().Variables() {
		b.Params = append(b.Params, x.typeRow(v.Type()))
		if refers(v.Type()) {
			gets = append(gets, facts.NewSource(facts.ParamSource, i, false), facts.NewSource(facts.ParamSource, i, true))
		}
		i++
	}
	if x.values[b.Name] {
		return len(gets) > 0
	}
	x.values[b.Name] = true
	if len(gets) > 0 {
		b.Ops = []facts.Op{{Kind: facts.OpLeak, Base: gets}}
	}
	b.Returns = join(unknownSource, gets)
	x.effects.Bodies = append(x.effects.Bodies, b)
	for _, key := range x.callKeys(s) {
		x.effects.Foreign = append(x.effects.Foreign, facts.Implementation{Key: key, Body: b.Name})
	}
	return len(gets) > 0
}
