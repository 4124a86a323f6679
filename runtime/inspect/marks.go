package inspect

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/store"
)

// mostMarks bounds the marks that are kept: entries may have tags of their own.
const mostMarks = 1 << 16

// markReader finds out which entries were forgotten by what they belong to.
type markReader struct {
	store store.Store
	known map[string]marks.Stored // by name
}

// apply makes those of the entries Forgotten that began before something was marked that they
// belong to.
func (r *markReader) apply(ctx context.Context, entries []Entry) error {
	var unknown []string
	asked := map[string]bool{}
	if len(r.known) > mostMarks {
		r.known = nil
	}
	for i := range entries {
		for _, name := range marksOf(&entries[i]) {
			if _, ok := r.known[name]; !ok && !asked[name] {
				asked[name] = true
				unknown = append(unknown, name)
			}
		}
	}
	if err := r.learn(ctx, unknown); err != nil {
		return err
	}
	for i := range entries {
		e := &entries[i]
		by := belongsTo(e)
		for k, name := range marksOf(e) {
			known := int64(marks.Never)
			if k < len(e.marks) {
				known = e.marks[k]
			}
			if !marks.Usable(known, r.known[name].Edition) {
				e.State, e.ForgottenBy, e.ForgottenAt = Forgotten, by[k], time.Unix(0, r.known[name].Stamp).Add(-clock.Lead)
				break
			}
		}
	}
	return nil
}

func (r *markReader) learn(ctx context.Context, names []string) error {
	if len(names) == 0 {
		return nil
	}
	found, err := marks.Read(ctx, r.store, names)
	if err != nil {
		return err
	}
	if r.known == nil {
		r.known = map[string]marks.Stored{}
	}
	for _, name := range names {
		r.known[name] = found[name]
	}
	return nil
}

// belongsTo says in words what marksOf names.
func belongsTo(e *Entry) []string {
	words := []string{"clear"}
	for _, tag := range e.Tags {
		words = append(words, "tag "+tag)
	}
	return append(words, "run "+e.Run)
}

// marksOf returns the names of the marks that can make an entry unusable.
func marksOf(e *Entry) []string {
	if e.State != Result {
		return nil
	}
	names := []string{marks.Namespace(e.Project, e.Domain, e.Namespace)}
	for _, tag := range e.Tags {
		names = append(names, marks.Tag(e.Project, e.Domain, tag))
	}
	if e.Run != "" {
		names = append(names, marks.Run(e.Project, e.Domain, e.Run))
	}
	return names
}
