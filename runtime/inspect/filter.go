package inspect

import (
	"slices"
	"strings"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Filter says which entries are meant: those that all of its fields admit. A zero field admits all.
type Filter struct {
	// Func is a namespace or its end after a slash or dot: example.com/weather.Forecast, weather.Forecast or Forecast. Damaged
	// entries don't know theirs: they are admitted if it may be this one.
	Func string
	// Version, Project and Domain are as in entries. Damaged entries have none.
	Version, Project, Domain string
	// Before admits what was completed before that time; damaged entries what was written before.
	Before time.Time
	// MinSize admits entries of at least so many bytes.
	MinSize int64
	// States are those of entries.
	States []State
	// Stale admits results of versions that the code doesn't have.
	Stale *Known

	segments map[string]bool // those of the namespaces that are meant; nil: of all
}

// spaces are the prefixes of the items that can be admitted.
func (f *Filter) spaces() []string {
	switch wanted := func(s State) bool { return len(f.States) == 0 || slices.Contains(f.States, s) }; {
	case wanted(Damaged), wanted(Failed) && (wanted(Result) || wanted(Forgotten)):
		return []string{key.Entries, key.Failed}
	case wanted(Failed):
		return []string{key.Failed}
	}
	return []string{key.Entries}
}

// mayAdmit reports whether an item can be admitted as far as its key and size tell.
func (f *Filter) mayAdmit(name string, size int64) bool {
	segment, _ := split(name)
	return size >= f.MinSize && (f.segments == nil || f.segments[segment]) && (f.Func == "" || key.MayEnd(segment, f.Func))
}

func (f *Filter) admits(e *Entry) bool {
	if len(f.States) > 0 && !slices.Contains(f.States, e.State) || e.Size < f.MinSize {
		return false
	}
	if e.State == Damaged {
		return f.Version == "" && f.Project == "" && f.Domain == "" && f.Stale == nil &&
			(f.Before.IsZero() || e.Modified.Before(f.Before))
	}
	return (f.Func == "" || key.Ends(e.Namespace, f.Func)) && (f.Version == "" || e.Version == f.Version) &&
		(f.Project == "" || e.Project == f.Project) && (f.Domain == "" || e.Domain == f.Domain) &&
		(f.Before.IsZero() || e.Completed.Before(f.Before)) && (f.Stale == nil || f.Stale.stale(e))
}

// Code is a version of a function's code, as far as results can tell.
type Code struct {
	Namespace string `json:"namespace"`
	Version   string `json:"version"`
}

// Known is what the code is now.
type Known struct {
	// Versions are those of the cached functions, by namespace.
	Versions map[string][]string
	// Packages are the import paths of the packages that were looked at: results of functions that they don't have any more are
	// stale too.
	Packages map[string]bool
}

// stale reports whether the code that made an entry is gone. Of packages that were not looked at nothing is said.
func (k *Known) stale(e *Entry) bool {
	versions, ok := k.Versions[e.Namespace]
	if ok {
		return !slices.Contains(versions, e.Version)
	}
	for at := strings.LastIndexByte(e.Func, '/') + 1; at < len(e.Func); at++ {
		if e.Func[at] == '.' && k.Packages[e.Func[:at]] {
			return true
		}
	}
	return false
}

// split returns the segment and the last part of an item's key.
func split(name string) (segment, id string) {
	head, id, _ := cutLast(name)
	_, segment, _ = cutLast(head)
	return segment, id
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// inFailed reports whether the entry lies among failed calls.
func (e *Entry) inFailed() bool { return strings.HasPrefix(e.Name, key.Failed) }
