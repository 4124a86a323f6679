package marks

import (
	"context"
	"fmt"

	"github.com/cachegen/cachegen/runtime/store"
)

// Namespace returns the name of the mark for all results of a namespace in a scope.
func Namespace(project, domain, namespace string) string {
	return fmt.Sprintf("namespace %q %q %q", project, domain, namespace)
}

// Tag returns the name of the mark for all results with a tag in a scope.
func Tag(project, domain, tag string) string {
	return fmt.Sprintf("tag %q %q %q", project, domain, tag)
}

// Run returns the name of the mark for all results of a run in a scope.
func Run(project, domain, run string) string {
	return fmt.Sprintf("run %q %q %q", project, domain, run)
}

// Stored is what a store has of a mark: which edition it is, and the stamp of the moment when
// something was marked.
type Stored struct{ Edition, Stamp int64 }

// Read returns the marks in a store by their names, without those that were never set.
func Read(ctx context.Context, s store.Store, names []string) (map[string]Stored, error) {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = itemKey(name)
	}
	stored, err := lookUp(ctx, s, keys)
	if err != nil {
		return nil, fmt.Errorf("marks: %w", err)
	}
	found := map[string]Stored{}
	for i, name := range names {
		if m, ok := stored[keys[i]]; ok {
			found[name] = m
		}
	}
	return found, nil
}
