package generator

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// versionLine are the lines of generated code that hold the name of a function and its version.
var versionLine = regexp.MustCompile(`(?m)^\t+Name: +"(.*)",\n(?:\t+Version: +"(.*)",\n)?`)

// whatChanged says in words how a generated file differs from what it should be.
func whatChanged(path string, old, wanted []byte) string {
	if old == nil {
		return ""
	}
	before, after := versions(path, old), versions(path, wanted)
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
		return "same code, but other options or types, or the file was edited"
	}
	return strings.Join(parts, "; ")
}

// versions are the versions in a generated file by the names of functions, without the import path.
func versions(path string, src []byte) map[string]string {
	found := map[string]string{}
	for _, m := range versionLine.FindAllSubmatch(src, -1) {
		found[strings.TrimPrefix(string(m[1]), path+".")] = string(m[2])
	}
	return found
}
