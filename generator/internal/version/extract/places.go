package extract

import (
	"cmp"
	"go/token"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// places finds the declarations that code is part of. Ranges are in each other or apart.
type places struct {
	ranges []place
	sorted bool
}

// place is the code of one declaration, or one of its parts. Around is the range that it is in, -1 if it is in none.
type place struct {
	from, to token.Pos
	id       facts.ID
	around   int
}

func (p *places) add(from, to token.Pos, id facts.ID) {
	p.ranges = append(p.ranges, place{from, to, id, -1})
	p.sorted = false
}

// sort orders ranges by where they begin, each after those that it is in.
func (p *places) sort() {
	p.sorted = true
	slices.SortStableFunc(p.ranges, func(a, b place) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	around := -1
	for i := range p.ranges {
		for around >= 0 && p.ranges[around].to < p.ranges[i].to {
			around = p.ranges[around].around
		}
		p.ranges[i].around = around
		around = i
	}
}

// at are the declarations that the code at a place is part of, the innermost first.
func (p *places) at(pos token.Pos) []facts.ID {
	if !p.sorted {
		p.sort()
	}
	i, _ := slices.BinarySearchFunc(p.ranges, pos, func(r place, pos token.Pos) int {
		if r.from <= pos {
			return -1
		}
		return 1
	})
	var ids []facts.ID
	for i--; i >= 0; i = p.ranges[i].around {
		if pos < p.ranges[i].to {
			ids = append(ids, p.ranges[i].id)
		}
	}
	return ids
}
