package review

import (
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// typeParameters refuses generic functions that may call methods of their type arguments: those are in no version.
func (r *reviewer) typeParameters() {
	if r.f.Trust {
		return
	}
	for i, name := range r.f.TypeParams {
		use, ok := r.c.MethodsMatter(i)
		if !ok {
			continue
		}
		n := r.c.Node(r.root)
		at := n.At(facts.Edge{Line: use.Line, Column: use.Column})
		how := "may call methods of its type parameter"
		r.errorf(r.root, "type-parameter", "%s %s %s (%s:%d:%d), whose code is in no version; say trust if callers vouch for them",
			r.name(r.root), how, name, baseName(at.Filename), at.Line, at.Column)
	}
}

func baseName(file string) string {
	return file[strings.LastIndexAny(file, `/\\`)+1:]
}
