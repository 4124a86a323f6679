package programs

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// Shrink removes what a false hit does not need.
func (t *Trial) Shrink(ctx context.Context, f FalseHit) (FalseHit, error) {
	for again := true; again; {
		again = false
		for _, name := range f.Before.names() {
			for i := len(f.Before.Files[name]) - 1; i >= 0; i-- {
				decl := f.Before.Files[name][i]
				smaller := f.with(func(p *Program) {
					p.Files[name] = slices.DeleteFunc(p.Files[name], func(d string) bool { return d == decl })
				})
				ok, err := t.holds(ctx, smaller)
				if err != nil {
					return f, err
				}
				if ok {
					f, again = *smaller, true
				}
				i = min(i, len(f.Before.Files[name]))
			}
		}
		for i := len(f.Before.Main) - 1; i >= 0; i-- {
			s := f.Before.Main[i]
			smaller := f.with(func(p *Program) { p.Main = slices.DeleteFunc(p.Main, func(m string) bool { return m == s }) })
			if ok, err := t.holds(ctx, smaller); err != nil {
				return f, err
			} else if ok {
				f, again = *smaller, true
			}
		}
		for _, call := range f.Before.Calls {
			smaller := f.with(func(p *Program) { p.Calls = slices.DeleteFunc(p.Calls, func(c string) bool { return c == call }) })
			if strings.Contains(call, "`"+f.Function+"`") {
				continue
			}
			if ok, err := t.holds(ctx, smaller); err != nil {
				return f, err
			} else if ok {
				f, again = *smaller, true
			}
		}
	}
	return f, nil
}

// with changes the program before and after in the same way.
func (f FalseHit) with(change func(*Program)) *FalseHit {
	f.Before, f.Edit.After = f.Before.clone(), f.Edit.After.clone()
	change(f.Before)
	change(f.Edit.After)
	return &f
}

// holds reports whether it is a false hit still, and notes its results.
func (t *Trial) holds(ctx context.Context, f *FalseHit) (bool, error) {
	if f.Before.same(f.Edit.After) || t.checker.check(f.Before) != nil || t.checker.check(f.Edit.After) != nil {
		return false, nil
	}
	b := batch{filepath.Join(t.Dir, "alone")}
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return false, err
	}
	var outcomes [2]*outcome
	for i, p := range []*Program{f.Before, f.Edit.After} {
		o, err := b.try(ctx, map[int]*Program{p.ID: p})
		if err != nil {
			return false, nil // nothing is left to run
		}
		outcomes[i] = o
	}
	old, now := outcomes[0].versions[f.Function], outcomes[1].versions[f.Function]
	f.Result, f.Other = outcomes[0].results[f.Function], outcomes[1].results[f.Function]
	return old != nil && now != nil && old.Version == now.Version && f.Result != "" && f.Other != "" && stale(f.Result, f.Other), nil
}

// txtar is the program before, and what differs after the edit.
func (f FalseHit) txtar() string {
	where := path(f.Before)
	file := func(p *Program, name FileName) string { return p.text(name, where) }
	var a txtar.Archive
	add := func(name, before, after string) {
		if before != "" {
			a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(before)})
		}
		if after != before {
			a.Files = append(a.Files, txtar.File{Name: name + " (after the edit)", Data: []byte(after)})
		}
	}
	names := f.Before.names()
	for _, n := range f.Edit.After.names() {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	for _, n := range names {
		if len(f.Before.Files[n]) > 0 || len(f.Edit.After.Files[n]) > 0 {
			add(fmt.Sprintf("%s/p%d_%d.go", strings.TrimPrefix(where(n.Package), "m/"), f.ID, n.Number), file(f.Before, n), file(f.Edit.After, n))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Before.Data)) {
		add(name, f.Before.Data[name], f.Edit.After.Data[name])
	}
	add(fmt.Sprintf("%s/p%d_main.go", strings.TrimPrefix(where(top), "m/"), f.ID), f.Before.main(where), f.Edit.After.main(where))
	return string(txtar.Format(&a))
}
