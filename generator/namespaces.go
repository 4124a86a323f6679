package generator

import (
	"fmt"
	"go/token"
	"path/filepath"

	"github.com/cachegen/cachegen/generator/internal/diag"
)

// namespaces warns of functions that share a namespace and yet no entries, because their versions
// are computed from code that differs. With versions that users say themselves that is meant: they
// are releases of one function.
func (r *run) namespaces() {
	first := map[string]Function{}
	for _, f := range r.result.Functions {
		if f.Code == "" || f.Version == "" {
			continue
		}
		other, shared := first[f.Namespace]
		if !shared {
			first[f.Namespace] = f
			continue
		}
		if f.Version != other.Version {
			r.add(diag.Diagnostic{
				Pos:      token.Position{Filename: f.File, Line: f.Line, Column: 1},
				Severity: diag.Warning,
				Category: "namespace",
				Function: f.Name,
				Message: fmt.Sprintf("the namespace %q is that of %s too (%s:%d), but they share no entries: their code differs, and so do their "+
					"versions; //cache:override gives them one", f.Namespace, other.Name, filepath.Base(other.File), other.Line),
			})
		}
	}
}
