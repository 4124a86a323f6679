package generator

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// versionLine is a line of generated code that holds the version of a function.
var versionLine = regexp.MustCompile(`(?m)^\s*(?:const )?(\w+)Version\s*= (".*")$`)

// whatChanged says in words how a generated file differs from what it should be.
func whatChanged(old, wanted []byte) string {
	if old == nil {
		return ""
	}
	before, after := versions(old), versions(wanted)
	var changed, added, removed []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		switch v, ok := before[name]; {
		case !ok:
			added = append(added, name)
		case v != after[name]:
			changed = append(changed, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[name]; !ok {
			removed = append(removed, name)
		}
	}
	var parts []string
	for _, p := range []struct {
		what  string
		names []string
	}{{"other code behind", changed}, {"new", added}, {"gone", removed}} {
		if len(p.names) > 0 {
			parts = append(parts, p.what+" "+strings.Join(p.names, ", "))
		}
	}
	if len(parts) == 0 {
		return "same code, other options or types"
	}
	return strings.Join(parts, "; ")
}

// versions are the version constants of a generated file by the stem of their names.
func versions(src []byte) map[string]string {
	found := map[string]string{}
	for _, m := range versionLine.FindAllSubmatch(src, -1) {
		found[string(m[1])] = string(m[2])
	}
	return found
}
