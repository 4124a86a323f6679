package inspect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// NotOneError says that a text is the beginning of no key, or of several.
type NotOneError struct {
	Text string
	// IDs are some of those that it begins.
	IDs []string
}

// Error says that the text begins no key, or which keys it begins.
func (e *NotOneError) Error() string {
	if len(e.IDs) == 0 {
		return fmt.Sprintf("no entry's key begins with %q", e.Text)
	}
	return fmt.Sprintf("%q is the beginning of several keys: %s", e.Text, strings.Join(e.IDs, ", "))
}

// mostCandidates is how many keys an error names.
const mostCandidates = 4

// Find returns the entry whose ID begins with text, in any state, or whose name text is. A result comes before the inputs of a failed call
// with the same ID. The error is a [NotOneError] if there is none or several.
func (in *Inspector) Find(ctx context.Context, text string) (Entry, error) {
	infos, err := in.candidates(ctx, text)
	switch {
	case err != nil && len(infos) == 0:
		return Entry{}, err
	case len(infos) != 1:
		return Entry{}, notOne(text, infos)
	}
	s := scan{in: in, ctx: ctx, filter: &Filter{}, marks: markReader{store: in.store}, missed: map[string]store.Info{}}
	var found []Entry
	s.read(infos, func(e *Entry) bool {
		found = append(found, *e)
		return true
	})
	switch {
	case s.err != nil:
		return Entry{}, s.err
	case len(found) == 0:
		return Entry{}, &NotOneError{Text: text}
	}
	return found[0], nil
}

// candidates returns the items whose keys text begins; some of them if there are many. With an error it is what could be listed.
func (in *Inspector) candidates(ctx context.Context, text string) (infos []store.Info, fault error) {
	if text == "" {
		return nil, nil
	}
	for _, space := range []string{key.Entries, key.Failed} {
		prefix := space
		if strings.Contains(text, "/") {
			prefix = text
		}
		for info, err := range in.list.List(ctx, prefix) {
			if err != nil {
				fault = errors.Join(fault, err)
				break
			}
			_, id := split(info.Key)
			same := func(other store.Info) bool { return strings.HasSuffix(other.Key, "/"+id) }
			if strings.HasPrefix(info.Key, space) && (prefix == info.Key || strings.HasPrefix(id, text)) && !slices.ContainsFunc(infos, same) {
				infos = append(infos, info)
			}
			if len(infos) == mostCandidates {
				return infos, nil
			}
		}
	}
	return infos, fault
}

func notOne(text string, infos []store.Info) error {
	e := &NotOneError{Text: text}
	for _, info := range infos {
		_, id := split(info.Key)
		e.IDs = append(e.IDs, id)
	}
	slices.Sort(e.IDs)
	return e
}
