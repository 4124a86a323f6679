package generator

import (
	"maps"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// Sources are the directories whose code can make the version of a function of the result another
// one: those that the version is made of, and those of all local packages that a program with the
// function can have, for what they write or implement may reach it after an edit. There are none if
// the function has no version of its own: it is overridden, or has errors. The name is
// [Function.Name].
func (r *Result) Sources(name string) []string {
	v := r.versions[name]
	if v == nil {
		return nil
	}
	dirs := append(v.Directories(), r.programs[name]...)
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// together returns the directories of the local packages that can be in one program with a package:
// those that import it, directly or not, and what they import.
func together(p *load.Package, all map[string]*load.Package) []string {
	importers := map[*load.Package][]*load.Package{}
	for _, q := range all {
		for _, imported := range q.Imports {
			importers[imported] = append(importers[imported], q)
		}
	}
	programs := map[*load.Package]bool{}
	spread(p, programs, func(q *load.Package) []*load.Package { return importers[q] })
	linked := map[*load.Package]bool{}
	for q := range programs {
		spread(q, linked, func(q *load.Package) []*load.Package { return slices.Collect(maps.Values(q.Imports)) })
	}
	var dirs []string
	for q := range linked {
		if q.Local() && q.Dir != "" {
			dirs = append(dirs, q.Dir)
		}
	}
	return dirs
}

// spread adds a package to a set, and what follows from it.
func spread(p *load.Package, set map[*load.Package]bool, next func(*load.Package) []*load.Package) {
	if set[p] {
		return
	}
	set[p] = true
	for _, q := range next(p) {
		spread(q, set, next)
	}
}
