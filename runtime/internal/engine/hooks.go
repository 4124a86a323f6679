package engine

import (
	"context"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/guard"
)

// Hooks are what a function's author says about results, without their types. Each may be nil.
type Hooks struct {
	// MaxAge is the age until which the result may be used.
	MaxAge func(Held) time.Duration
	// Validate says whether a result that was found may be used.
	Validate func(context.Context, Entry, Held) bool
	// Unless is true for results to keep out.
	Unless func(Held) bool
	// Tags are the groups of the call's result.
	Tags func(Call) []string
	// TargetField returns the text of an input of the target's template.
	TargetField func(ctx context.Context, c Call, name string) (string, bool)
	// Preview renders the inputs of a result in memory, and reports whether that has them.
	Preview func(Held) (string, bool)
	// LongWay says that each call has something to ask before it has a key.
	LongWay bool
}

// limit returns the age until which h may be used.
func (v *visit) limit(h Held) time.Duration {
	decide := v.fn.Hooks.MaxAge
	if decide == nil {
		return v.fn.Options.MaxAge
	}
	limit := NoReuse
	v.guard("max-age", func() { limit = decide(h) })
	if limit <= 0 {
		return NoReuse
	}
	return limit
}

// unwanted reports whether h is to be kept out.
func (v *visit) unwanted(h Held) bool {
	out := v.fn.Hooks.Unless != nil
	if out {
		v.guard("unless", func() { out = v.fn.Hooks.Unless(h) })
	}
	if out {
		v.fn.tally.rejected.Add(1)
	}
	return out
}

// rejected reports whether h may not be used though it was found.
func (v *visit) rejected(h Held, t Tier) bool {
	if v.fn.Hooks.Validate == nil {
		return false
	}
	ok := false
	v.guard("validate", func() { ok = v.fn.Hooks.Validate(v.ctx, v.entry(h.About(), t), h) })
	return !ok
}

// tags returns the groups of the call's result, and false if they can't be told.
func (v *visit) tags() (tags []string, ok bool) {
	if v.fn.Hooks.Tags == nil {
		return nil, true
	}
	v.guard("tags", func() { tags, ok = v.fn.Hooks.Tags(v.call), true })
	return tags, ok
}

// guard calls a hook. A panic in it is a fault of the cache, which never fails the call.
func (v *visit) guard(hook string, call func()) {
	if err := guard.Run(hook+" of "+v.fn.Name, call); err != nil {
		v.faultOf(hook, NoReason, err)
	}
}
