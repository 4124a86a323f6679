package programs

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator"
)

// Config says how much to try.
type Config struct {
	// Dir is an empty directory to work in.
	Dir string
	// Seed is that of the first batch, the next has the next one.
	Seed uint64
	// Programs is how many a batch has, Rounds how often each of them is edited.
	Programs, Rounds int
	// Without names shapes that no program is to have.
	Without []string
	// Policy is that of all cached functions; deep is the default.
	Policy string
}

// Counts say what was tried.
type Counts struct {
	// Programs were made, Edits of them were run, of which Changing changed what a cached function returns.
	Programs, Edits, Changing int
	// Compared are functions before and after an edit. Differed are those with another result.
	Compared, Differed int
	// Needless are those with another version for the same result, of Same with the same result.
	Same, Needless int
	// Crashed programs ended before they had called everything. Refused functions have no version.
	Crashed, Refused int
	// Kinds counts the edits that change a result by what was done.
	Kinds map[string]int
}

// String puts all counts into one line.
func (c Counts) String() string {
	return fmt.Sprintf("%d programs, %d edits, %d change a result; %d functions compared, %d differ; version changed for nothing: %d of %d; crashed %d, refused %d",
		c.Programs, c.Edits, c.Changing, c.Compared, c.Differed, c.Needless, c.Same, c.Crashed, c.Refused)
}

// FalseHit is what must not be: another result under the same version.
type FalseHit struct {
	Seed          uint64
	Round, ID     int
	Edit          Edit
	Before        *Program
	Function      string
	Result, Other string
}

// String has all that repeats it: the seed, the edit, both results and the program.
func (f FalseHit) String() string {
	return fmt.Sprintf("seed %d round %d program %d: %s %s: function %s returned\n%sthen\n%sShapes: %s\n%s", f.Seed, f.Round, f.ID,
		f.Edit.Kind, f.Edit.Place, f.Function, f.Result, f.Other, strings.Join(f.Before.Shapes, ", "), f.txtar())
}

// Trial tries batches of programs.
type Trial struct {
	Config

	Counts Counts
	Found  []FalseHit

	checker *checker
}

// New prepares a trial.
func New(c Config) (*Trial, error) {
	checker, err := newChecker(c)
	return &Trial{Config: c, checker: checker, Counts: Counts{Kinds: map[string]int{}}}, err
}

// Batch tries one batch of programs.
func (t *Trial) Batch(ctx context.Context) error {
	seed := t.Seed
	t.Seed++
	programs := map[int]*Program{}
	for id := range t.Programs {
		programs[id] = t.checker.compose(seed<<16+uint64(id), id, id == 0)
	}
	b := batch{filepath.Join(t.Dir, "batch")}
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return err
	}
	before, err := b.try(ctx, programs)
	if err != nil {
		return err
	}
	t.Counts.Programs += len(programs)
	t.Counts.Crashed += len(before.crashed)
	for round := range t.Rounds {
		edits, edited := map[int]Edit{}, map[int]*Program{}
		for id := range programs {
			if !before.crashed[id] {
				edits[id] = t.checker.edit(programs[id], rand.New(rand.NewPCG(seed<<16+uint64(id), uint64(round)+2)))
				edited[id] = edits[id].After
			}
		}
		after, err := b.try(ctx, edited)
		if err != nil {
			return err
		}
		t.Counts.Crashed += len(after.crashed)
		for _, id := range slices.Sorted(maps.Keys(edits)) {
			if after.crashed[id] {
				continue
			}
			hits, err := t.compare(ctx, programs[id], edits[id], before, after)
			if err != nil {
				return err
			}
			for _, h := range hits {
				h.Seed, h.Round = seed, round
				t.Found = append(t.Found, h)
			}
		}
	}
	return nil
}

// compare returns the false hits of an edit.
func (t *Trial) compare(ctx context.Context, p *Program, e Edit, before, after *outcome) (hits []FalseHit, err error) {
	t.Counts.Edits++
	changing := false
	for name, result := range before.results {
		if !strings.HasPrefix(name, fmt.Sprint(p.ID, "_")) || after.results[name] == "" {
			continue
		}
		old, now := before.versions[name], after.versions[name]
		if old == nil || now == nil {
			t.Counts.Refused++
			continue
		}
		t.Counts.Compared++
		differs := stale(result, after.results[name])
		own := !maps.Equal(ownParts(p, old), ownParts(p, now))
		if !differs {
			t.Counts.Same++
			if own {
				t.Counts.Needless++
			}
			continue
		}
		t.Counts.Differed++
		changing = true
		if old.Version != now.Version && !own {
			if own, err = t.alone(ctx, p, e.After, name); err != nil {
				return nil, err
			}
		}
		if !own {
			hits = append(hits, FalseHit{ID: p.ID, Edit: e, Before: p, Function: name, Result: result, Other: after.results[name]})
		}
	}
	if changing {
		t.Counts.Changing++
		t.Counts.Kinds[e.Kind]++
	}
	return hits, nil
}

// stale reports whether keeping results would be wrong: one of them differs. What panicked was not kept.
func stale(before, after string) bool {
	now := strings.Split(after, "\n")
	for i, line := range strings.Split(before, "\n") {
		if !strings.Contains(line, " panic ") && (i >= len(now) || now[i] != line) {
			return true
		}
	}
	return false
}

// ownParts are the parts of a version that the program's files have: other programs of its cluster don't count.
func ownParts(p *Program, x *generator.Explanation) map[string]string {
	parts := map[string]string{}
	for _, d := range x.Parts {
		if strings.HasPrefix(filepath.Base(d.File), fmt.Sprintf("p%d_", p.ID)) && d.Hash != "" {
			parts[d.Kind+" "+d.Name] += d.Hash
		}
	}
	return parts
}

// alone reports whether the version of a function differs where there are no other programs.
func (t *Trial) alone(ctx context.Context, before, after *Program, name string) (bool, error) {
	var found [2]string
	for i, p := range []*Program{before, after} {
		b := batch{filepath.Join(t.Dir, "alone")}
		if err := os.MkdirAll(b.dir, 0o755); err != nil {
			return false, err
		}
		if err := b.write(map[int]*Program{p.ID: p}); err != nil {
			return false, err
		}
		v, err := versions(ctx, b.dir)
		if err != nil {
			return false, err
		}
		if v[name] != nil {
			found[i] = v[name].Version
		}
	}
	return found[0] != found[1] || found[0] == "", nil
}
