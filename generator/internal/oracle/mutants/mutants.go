package mutants

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/oracle/mutants/schema"
	"github.com/cachegen/cachegen/generator/internal/oracle/subject"
)

// Counts say what was tried in a module.
type Counts struct {
	// Functions were called, Places can be mutated.
	Functions, Places int
	// Executed mutants were passed by a call or an initialiser, Starting of them by an initialiser. Killed ones changed a result.
	Executed, Starting, Killed int
	// Pairs are mutants and functions that they changed: in each the mutated definition must be in the function's closure.
	Pairs int
	// Ended mutants ended their process, or did not end.
	Ended int
	// Misled says how often a process of its own did not confirm that something is missing.
	Misled int
}

// String puts all counts into one line.
func (c Counts) String() string {
	return fmt.Sprintf("%d functions, %d places; %d mutants executed (%d by initialisers), %d changed a result, of %d functions in all; %d ended; %d not confirmed",
		c.Functions, c.Places, c.Executed, c.Starting, c.Killed, c.Pairs, c.Ended, c.Misled)
}

// Missing is a definition that is not in the closure of a function and whose mutant changes what the function returns.
type Missing struct {
	Place    Place
	Mutant   int
	Function *subject.Function
	Input    int
}

// String says what is missing in which closure, and how that was found.
func (m Missing) String() string {
	return fmt.Sprintf("%s: a mutant of %s (%d) changes what %s %s returns for input %d, and is not in its closure",
		m.Place.At, m.Place.Kind, m.Mutant-m.Place.First+1, m.Function.Package, m.Function.Name, m.Input)
}

// Execute executes mutants of a module, at most so many: a sample of them then. It instruments the module, which is of no other use
// afterwards.
func Execute(ctx context.Context, m *subject.Module, atMost int) (Counts, []Missing, error) {
	b, err := build(ctx, m)
	if err != nil {
		return Counts{}, nil, err
	}
	r := &run{binary: b, file: filepath.Join(m.Dir, "baseline.json")}
	if r.base, err = b.baseline(ctx, r.file); err != nil {
		return Counts{}, nil, err
	}
	r.counts.Functions, r.counts.Places = len(b.functions), len(b.places)
	later, starting := r.orders()
	random := rand.New(rand.NewPCG(1, 2))
	for _, orders := range []*[]schema.Order{&later, &starting} {
		random.Shuffle(len(*orders), func(i, j int) { (*orders)[i], (*orders)[j] = (*orders)[j], (*orders)[i] })
	}
	starting = starting[:min(len(starting), atMost/4)]
	later = later[:min(len(later), atMost-len(starting))]
	if err := r.later(ctx, later); err != nil {
		return r.counts, r.missing, err
	}
	return r.counts, r.missing, r.starting(ctx, starting)
}

// run executes the mutants of one module.
type run struct {
	*binary
	file    string
	base    *schema.Baseline
	counts  Counts
	missing []Missing
}

// orders lists the mutants: those of places that calls pass, with these calls, and those of places that are passed before main begins,
// with a few calls of each function.
func (r *run) orders() (later, starting []schema.Order) {
	passing := map[int][]int{}
	var all []int
	for i, c := range r.base.Calls {
		if c.Input < 3 {
			all = append(all, i)
		}
		for _, id := range c.Passed {
			passing[id] = append(passing[id], i)
		}
	}
	for _, p := range r.places {
		_, early := slices.BinarySearch(r.base.Start, p.First)
		calls := passing[p.First]
		if !early && len(calls) == 0 {
			continue
		}
		for m := p.First; m < p.First+p.Mutants; m++ {
			if early {
				starting = append(starting, schema.Order{Mutant: m, Calls: all})
			} else {
				later = append(later, schema.Order{Mutant: m, Calls: calls[:min(len(calls), 60)]})
			}
		}
	}
	return later, starting
}

// later executes mutants that can be switched on while a process runs.
func (r *run) later(ctx context.Context, orders []schema.Order) error {
	var p *process
	for _, o := range orders {
		if p == nil {
			var err error
			if p, err = r.start(ctx, "mutants", r.file, 0); err != nil {
				return err
			}
		}
		r.counts.Executed++
		a, ok := p.execute(o)
		if !ok {
			r.counts.Ended++
			p = nil
			continue
		}
		if err := r.judge(ctx, o, a); err != nil {
			return err
		}
		if a.Dirty {
			p.end()
			p = nil
		}
	}
	if p != nil {
		p.end()
	}
	return ctx.Err()
}

// starting executes mutants each in a process that has it on from the beginning.
func (r *run) starting(ctx context.Context, orders []schema.Order) error {
	for _, o := range orders {
		p, err := r.start(ctx, "start", r.file, o.Mutant)
		if err != nil {
			return err
		}
		r.counts.Executed++
		r.counts.Starting++
		a, ok := p.execute(o)
		if !ok {
			r.counts.Ended++
			continue
		}
		p.end()
		if err := r.judge(ctx, o, a); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// judge looks for the mutated definition in the closures of the functions that changed.
func (r *run) judge(ctx context.Context, o schema.Order, a schema.Answer) error {
	if len(a.Changed) > 0 {
		r.counts.Killed++
	}
	place := r.placeOf(o.Mutant)
	seen := map[string]bool{}
	for _, i := range a.Changed {
		c := r.base.Calls[i]
		f := r.functions[c.Function]
		if seen[c.Function] {
			continue
		}
		if f.Has(place.At) {
			seen[c.Function] = true
			r.counts.Pairs++
			continue
		}
		confirmed, err := r.confirm(ctx, o.Mutant, i)
		if err != nil {
			return err
		}
		if confirmed {
			seen[c.Function] = true
			r.counts.Pairs++
			r.missing = append(r.missing, Missing{place, o.Mutant, f, c.Input})
		} else {
			r.counts.Misled++
		}
	}
	return nil
}

// confirm reports whether a call returns something else where it is the only one, and what it always returned without the mutant.
func (r *run) confirm(ctx context.Context, mutant, call int) (bool, error) {
	var changed [2]bool
	for i, on := range []int{0, mutant} {
		p, err := r.start(ctx, "start", r.file, on)
		if err != nil {
			return false, err
		}
		a, ok := p.execute(schema.Order{Calls: []int{call}})
		if !ok {
			return false, nil
		}
		p.end()
		changed[i] = len(a.Changed) > 0
	}
	return !changed[0] && changed[1], nil
}

func (r *run) placeOf(mutant int) Place {
	i, _ := slices.BinarySearchFunc(r.places, mutant, func(p Place, m int) int {
		switch {
		case p.First+p.Mutants <= m:
			return -1
		case p.First > m:
			return 1
		}
		return 0
	})
	return r.places[i]
}
