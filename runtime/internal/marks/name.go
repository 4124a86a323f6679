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

// Stamps returns the stamps of the marks in a store by their names, without those that were never set.
func Stamps(ctx context.Context, s store.Store, names []string) (map[string]int64, error) {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = itemKey(name)
	}
	items, err := store.GetMany(ctx, s, keys)
	if err != nil {
		return nil, fmt.Errorf("marks: %w", err)
	}
	stamps := map[string]int64{}
	for i, name := range names {
		if item, ok := items[keys[i]]; ok {
			stamps[name] = item.Stamp
		}
	}
	return stamps, nil
}
