package engine

import (
	"context"
	"sync"
	"time"
)

// frozen is the error of a call in mode Frozen that has no entry. Its text explains why there is
// none. The reason is found out when somebody asks for the text.
type frozen struct{ text func() string }

// unfrozen returns the error of the call.
func (v *visit) unfrozen() error {
	if v.call == nil || v.targeted() {
		return ErrFrozen
	}
	ctx, fn, hash, call := context.WithoutCancel(v.ctx), v.fn, v.hash, v.call.Again()
	return &frozen{sync.OnceValue(func() string {
		ctx, cancel := context.WithTimeout(ctx, frozenTime)
		defer cancel()
		x := fn.Explain(ctx, hash, call)
		return ErrFrozen.Error() + ": " + x.String()
	})}
}

// frozenTime is how long finding out may take.
const frozenTime = 3 * time.Second

// Error explains why there is no entry.
func (f *frozen) Error() string { return f.text() }

// Unwrap returns ErrFrozen.
func (f *frozen) Unwrap() error { return ErrFrozen }
