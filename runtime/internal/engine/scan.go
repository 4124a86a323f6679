package engine

import (
	"context"
	"errors"
	"iter"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// ErrUnlisted says that there is no store that could list what it has.
var ErrUnlisted = errors.New("cache: no store that can list its items")

// Scan yields the function's entries in the store, in the context's scope, and in its run if it has
// one: results of all versions, or calls that failed. It also yields errors of single entries,
// which don't end the sequence.
func (f *Function) Scan(ctx context.Context, failed bool) iter.Seq2[*entry.Entry, error] {
	v := f.visit(ctx, 0, nil)
	space := key.Entries
	if failed {
		space = key.Failed
	}
	return func(yield func(*entry.Entry, error) bool) {
		lister, err := v.state.lister(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		for info, err := range lister.List(ctx, space+v.state.segment+"/") {
			var e *entry.Entry
			if err == nil {
				e, err = v.scanned(info.Key)
			}
			if (e != nil || err != nil) && !yield(e, err) {
				return
			}
		}
	}
}

func (s *State) lister(ctx context.Context) (store.Lister, error) {
	if !s.stored() {
		return nil, ErrUnlisted
	}
	st, err := s.tier.get(ctx)
	if err != nil {
		return nil, err
	}
	l, ok := store.As[store.Lister](st)
	if !ok {
		return nil, ErrUnlisted
	}
	return l, nil
}

// scanned returns the entry under a name, nil if it is not one of the call's.
func (v *visit) scanned(name string) (*entry.Entry, error) {
	item, err := v.state.read(v.ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	e, err := entry.Decode(item.Value)
	if err != nil {
		return nil, err
	}
	in := v.state.scope
	if e.Tombstone || e.Project != in.project || e.Domain != in.domain || e.Namespace != v.fn.Namespace() || e.Run != v.run() {
		return nil, nil
	}
	return e, nil
}
