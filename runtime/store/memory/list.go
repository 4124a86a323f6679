package memory

import (
	"context"
	"iter"
	"strings"

	"github.com/cachegen/cachegen/runtime/store"
)

// List implements [store.Lister]. It yields the items that existed when it began.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		if err := s.err(ctx); err != nil {
			yield(store.Info{}, err)
			return
		}
		for _, info := range s.medium.infos(prefix) {
			if err := s.err(ctx); err != nil {
				yield(store.Info{}, err)
				return
			}
			if !yield(info, nil) {
				return
			}
		}
	}
}

// infos returns the [store.Info] of each entry with the prefix.
func (m *medium) infos(prefix string) []store.Info {
	m.mu.Lock()
	defer m.mu.Unlock()
	var infos []store.Info
	for key, el := range m.items {
		if strings.HasPrefix(key, prefix) {
			infos = append(infos, el.Value.(*entry).info())
		}
	}
	return infos
}

// Prune implements [store.Pruner], exactly.
func (s *Store) Prune(ctx context.Context, maxBytes int64, removed func(store.Info)) error {
	for {
		if err := s.err(ctx); err != nil {
			return err
		}
		gone := s.medium.prune(maxBytes)
		if len(gone) == 0 {
			return nil
		}
		if removed != nil {
			for _, info := range gone {
				removed(info)
			}
		}
	}
}

// prune drops the least recently used entry, or the marks of the largest group if there are only
// marks, if there are more than maxBytes. It returns what it dropped.
func (m *medium) prune(maxBytes int64) (gone []store.Info) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bytes <= maxBytes {
		return nil
	}
	if el := m.used.Back(); el != nil {
		m.drop(el)
		return []store.Info{el.Value.(*entry).info()}
	}
	m.groupLargest(func(i store.Info) { gone = append(gone, i) })
	return gone
}
