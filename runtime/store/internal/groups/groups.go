// Package groups chooses the marks in whose place a store puts the mark of their group.
package groups

import (
	"iter"
	"maps"
	"slices"

	"github.com/cachegen/cachegen/runtime/store"
)

// Largest returns the group with most marks among keys of marks, and the keys of these. Of groups
// with as many it is the first by key. It returns no group if the mark of none would take less room
// than the marks of the group do.
func Largest(keys iter.Seq[string]) (group string, marks []string) {
	members, gain := map[string][]string{}, map[string]int{}
	for key := range keys {
		if g := store.MarkGroup(key); g != "" {
			members[g] = append(members[g], key)
			gain[g]++
		} else {
			gain[key]++ // the mark of a group, which would only be replaced
		}
	}
	most := 1 // what the mark of a group takes
	for _, g := range slices.Sorted(maps.Keys(members)) {
		if gain[g] > most {
			group, most = g, gain[g]
		}
	}
	return group, members[group]
}
