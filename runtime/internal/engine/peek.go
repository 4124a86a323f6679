package engine

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// read returns the item under a name: at once if the store has it at hand, or else as ask does,
// while the call looks.
func (v *visit) read(name string) (store.Item, error) {
	if item, ok := v.state.tier.peek(v.ctx, name); ok {
		return item, nil
	}
	ctx, cancel := v.looks()
	defer cancel()
	return v.state.read(ctx, name)
}

// peek returns the item under a name if the store has it at hand. It takes neither a goroutine that
// can be abandoned nor a timer, which cost more than reading a small file.
func (t *tier) peek(ctx context.Context, name string) (item store.Item, ok bool) {
	s, _, _ := t.ready(ctx, false)
	p, peeks := s.(store.Peeker)
	if !peeks || t.breakers[reading].Resting() {
		return item, false
	}
	began := time.Now()
	if item, ok = peek(p, name); ok {
		_, u := t.begin(ctx, reading, began)
		u.end(nil)
	}
	return item, ok
}

// peek asks p. After a panic it is asked in the usual way, which reports the next one.
func peek(p store.Peeker, name string) (item store.Item, ok bool) {
	defer func() { ok = recover() == nil && ok }()
	return p.Peek(name)
}
