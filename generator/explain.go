package generator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version"
	"github.com/cachegen/cachegen/generator/internal/version/closure"
)

// Explanation lists the definitions in the version of a function, with the reason for each.
type Explanation = version.Explanation

// Definition is a part of an [Explanation].
type Definition = closure.Definition

// Place is a line of a file.
type Place = closure.Place

// Explain explains the version of the function with a [Function.Name]. It returns nil if the
// function has no version of its own, because it is overridden or has errors.
func (r *Result) Explain(name string) *Explanation {
	v := r.versions[name]
	if v == nil {
		return nil
	}
	x := v.Explain()
	for _, d := range v.Warnings {
		x.Warnings = append(x.Warnings, d.String())
	}
	return x
}

// Change is a definition that differs between two explanations of one function.
type Change struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	// What is "changed", "reached now" or "no longer reached".
	What string `json:"what"`
	// Details say how a changed definition differs: "body", "constant example.com/m.K: 1 → 2".
	Details []string `json:"details,omitempty"`
	// Path is the shortest way from the function, in the explanation that has it.
	Path []Step `json:"path"`
}

// Step leads from one definition to the next.
type Step struct {
	Name   string `json:"name"`
	Reason string `json:"reason,omitempty"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
}

// The ways in which a definition can differ.
const (
	Changed         = "changed"
	ReachedNow      = "reached now"
	NoLongerReached = "no longer reached"
)

// Compare returns the definitions that make two versions of a function differ: those that changed
// first, nearest first.
func Compare(before, now *Explanation) []Change {
	old, current := byName(before), byName(now)
	var changes []Change
	for id, i := range current {
		d := now.Parts[i]
		j, ok := old[id]
		switch {
		case !ok:
			changes = append(changes, Change{Name: d.Name, Kind: d.Kind, What: ReachedNow, Path: path(now, i)})
		case before.Parts[j].Hash != d.Hash:
			changes = append(changes, Change{
				Name: d.Name, Kind: d.Kind, What: Changed, Details: details(before.Parts[j], d), Path: path(now, i),
			})
		}
	}
	for id, i := range old {
		if _, ok := current[id]; !ok {
			d := before.Parts[i]
			changes = append(changes, Change{Name: d.Name, Kind: d.Kind, What: NoLongerReached, Path: path(before, i)})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(rank(a.What), rank(b.What)),
			cmp.Compare(len(a.Path), len(b.Path)),
			cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Kind, b.Kind),
		)
	})
	return changes
}

func rank(what string) int {
	return slices.Index([]string{Changed, ReachedNow, NoLongerReached}, what)
}

// definitionID identifies a definition in an explanation.
type definitionID struct{ kind, name string }

// byName indexes the definitions that are part of the version.
func byName(x *Explanation) map[definitionID]int {
	index := make(map[definitionID]int, len(x.Parts))
	for i, d := range x.Parts {
		if d.Hash != "" {
			index[definitionID{d.Kind, d.Name}] = i
		}
	}
	return index
}

// path returns the steps from the function to the definition at i.
func path(x *Explanation, i int) []Step {
	var steps []Step
	for ; i >= 0; i = x.Parts[i].From {
		d := x.Parts[i]
		step := Step{Name: d.Name, Reason: d.Reason, File: d.Place.File, Line: d.Place.Line}
		// A wrapper and its function are one to users.
		if n := len(steps); n > 0 && steps[n-1].Name == d.Name {
			steps[n-1] = step
			continue
		}
		steps = append(steps, step)
	}
	slices.Reverse(steps)
	return steps
}

// details returns the differences between two forms of a definition, as far as people can read
// them.
func details(before, now Definition) []string {
	old := map[string]string{}
	for _, p := range before.Content {
		old[p.Name] = p.Value
	}
	var found []string
	for _, p := range now.Content {
		was, ok := old[p.Name]
		delete(old, p.Name)
		switch {
		case !ok:
			found = append(found, p.Name+" added")
		case was == p.Value:
		case readable(p.Name):
			found = append(found, fmt.Sprintf("%s: %s → %s", p.Name, was, p.Value))
		default:
			found = append(found, p.Name)
		}
	}
	for _, p := range before.Content {
		if _, ok := old[p.Name]; ok {
			found = append(found, p.Name+" removed")
		}
	}
	if len(found) == 0 {
		found = append(found, "definition")
	}
	return found
}

// readable reports whether the values of a part can be read, and are not digests.
func readable(part string) bool {
	for _, prefix := range []string{"signature", "constant ", "tag of ", "type", "field ", "definition", "version"} {
		if strings.HasPrefix(part, prefix) {
			return true
		}
	}
	return false
}
