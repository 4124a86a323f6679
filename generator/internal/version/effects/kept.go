package effects

import (
	"maps"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/compact"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Keeper keeps what was joined for the next time that the same facts are joined, by the same program. A nil Keeper keeps nothing.
type Keeper interface {
	Get() (data []byte, ok bool)
	Put(data []byte)
}

// joined is what joining found out, as plain data. Numbers are those that joining the same facts gives again.
type joined struct {
	// Locations and Globals are those that the facts do not name.
	Locations      []string
	Globals        []facts.ID
	Class, Behinds []int32
	Leaky          []bool
	// Sets are those of locations, Opened the same once they were opened.
	Sets, Opened [][]Word
	Bodies       []bodyAccess
	Accesses     []unitAccess
	Names        []string
	Units        []unitFacts
}

// Word is 64 locations of a set, from 64*At on.
type Word struct {
	At   int32
	Bits uint64
}

// bodyAccess is what a body reads and writes of its parameters, and the variables that share their memory.
type bodyAccess struct {
	Reads  []int32
	Sunk   []int32
	Writes []paramAccess
	Shared [][]int32
}

type paramAccess struct {
	Real, Spare, Sure int32
	Causes            []causedAccess
}

type causedAccess struct {
	Locations int32
	Cause     Cause
}

// unitAccess is an [access] with the number of an opened set.
type unitAccess struct{ Class, Opened int32 }

// unitFacts is a [Unit] by numbers.
type unitFacts struct {
	ID                                           facts.ID
	Reads, Sunk, Writes, Names, Calls, SunkCalls []int32
}

var joinedForm = compact.Of[joined]()

// keep is what was joined since the facts were added: there were so many locations and variables then.
func (p *Program) keep(locationsBefore, globalsBefore int) *joined {
	j := &joined{Locations: p.names[locationsBefore:], Globals: p.ids[globalsBefore:], Class: p.class, Behinds: p.behinds, Leaky: p.leaky}
	for _, set := range p.sets.sets {
		words := make([]Word, len(set))
		for i, w := range set {
			words[i] = Word{w.at, w.bits}
		}
		j.Sets = append(j.Sets, words)
	}
	for _, b := range p.order {
		kept := bodyAccess{Reads: locationNumbers(b.sum.reads), Sunk: locationNumbers(b.sum.sunk)}
		for _, w := range b.sum.writes {
			var param paramAccess
			if w != nil {
				param = paramAccess{Real: int32(w.real), Spare: int32(w.spare), Sure: int32(w.sure)}
				for _, c := range w.causes {
					param.Causes = append(param.Causes, causedAccess{int32(c.locations), c.cause})
				}
			}
			kept.Writes = append(kept.Writes, param)
		}
		for _, o := range b.sum.content {
			var shared []int32
			if o != nil {
				shared = o.globals
			}
			kept.Shared = append(kept.Shared, shared)
		}
		j.Bodies = append(j.Bodies, kept)
	}
	opened := map[string]int32{}
	for _, a := range p.accessed {
		key := string(a.locations.append(nil))
		n, ok := opened[key]
		if !ok {
			n = int32(len(j.Opened))
			opened[key] = n
			var words []Word
			for at, bits := range a.locations {
				if bits != 0 {
					words = append(words, Word{int32(at), bits})
				}
			}
			j.Opened = append(j.Opened, words)
		}
		j.Accesses = append(j.Accesses, unitAccess{a.class, n})
	}
	j.Names = slices.SortedFunc(maps.Keys(p.called), func(a, b string) int { return p.called[a].number - p.called[b].number })
	for _, u := range p.units {
		j.Units = append(j.Units, unitFacts{
			u.ID, u.reads, u.sunk, u.writes, nameNumbers(u.names), nameNumbers(u.calls), nameNumbers(u.sunkCalls),
		})
	}
	return j
}

func locationNumbers(list []locations) []int32 {
	found := make([]int32, len(list))
	for i, l := range list {
		found[i] = int32(l)
	}
	return found
}

func nameNumbers(list []*name) []int32 {
	found := make([]int32, len(list))
	for i, n := range list {
		found[i] = int32(n.number)
	}
	return found
}

// restore is the opposite of keep, and reports whether it fits.
func (p *Program) restore(j *joined) bool {
	if len(j.Bodies) != len(p.order) {
		return false
	}
	for _, name := range j.Locations {
		p.location(name)
	}
	for _, id := range j.Globals {
		p.global(id)
	}
	if len(j.Class) != len(p.ids) || len(j.Behinds) != len(p.ids) || len(j.Leaky) != len(p.ids) {
		return false
	}
	p.class, p.behinds, p.leaky = j.Class, j.Behinds, j.Leaky
	p.sets = &locationTable{}
	for _, kept := range j.Sets {
		words := make([]word, len(kept))
		for i, w := range kept {
			words[i] = word{w.At, w.Bits}
		}
		p.sets.sets = append(p.sets.sets, words)
	}
	for i, kept := range j.Bodies {
		p.order[i].sum.restore(kept)
	}
	p.restoreUnits(j)
	p.findMembers()
	return true
}

func (s *summary) restore(kept bodyAccess) {
	for _, l := range kept.Reads {
		s.reads = append(s.reads, locations(l))
	}
	for _, l := range kept.Sunk {
		s.sunk = append(s.sunk, locations(l))
	}
	for _, param := range kept.Writes {
		w := &paramWrites{real: locations(param.Real), spare: locations(param.Spare), sure: locations(param.Sure)}
		for _, c := range param.Causes {
			w.causes = append(w.causes, caused{locations(c.Locations), c.Cause})
		}
		s.writes = append(s.writes, w)
	}
	for _, shared := range kept.Shared {
		s.content = append(s.content, &origin{globals: shared})
	}
}

func (p *Program) restoreUnits(j *joined) {
	opened := make([]bitset, len(j.Opened))
	for i, words := range j.Opened {
		if len(words) == 0 {
			continue
		}
		opened[i] = make(bitset, words[len(words)-1].At+1)
		for _, w := range words {
			opened[i][w.At] = w.Bits
		}
	}
	for _, a := range j.Accesses {
		p.accessed = append(p.accessed, access{a.Class, opened[a.Opened]})
	}
	names := make([]*name, len(j.Names))
	for i, text := range j.Names {
		names[i] = p.name(text)
	}
	for _, kept := range j.Units {
		u := &Unit{ID: kept.ID, Number: len(p.units), reads: kept.Reads, sunk: kept.Sunk, writes: kept.Writes}
		for _, n := range kept.Names {
			u.names = append(u.names, names[n])
			names[n].called = append(names[n].called, u)
		}
		for _, n := range kept.Calls {
			u.calls = append(u.calls, names[n])
			names[n].callers = append(names[n].callers, u)
		}
		for _, n := range kept.SunkCalls {
			u.sunkCalls = append(u.sunkCalls, names[n])
		}
		p.byID[u.ID] = u
		p.units = append(p.units, u)
	}
}
