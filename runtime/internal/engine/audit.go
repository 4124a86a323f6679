package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"

	"github.com/cachegen/cachegen/internal/secretname"
	"github.com/cachegen/cachegen/runtime/internal/codec"
)

// An audit executes what a hit was for as well, in the background, and compares.

const (
	auditors    = 2  // audits that run at once
	auditsQueue = 64 // audits that wait; others are left out
)

// share is the share of the function's hits that is audited.
func (c *Cache) share(f *Function) float64 {
	if f.Options.Disabled || c.closing.Load() {
		return 0
	}
	return c.shareOf(f)
}

func draw(share float64) bool { return share > 0 && rand.Float64() < share }

// direct reports whether the hit would have taken the short way, had it not been drawn.
func (v *visit) direct() bool {
	w := v.fn.wayIn(v.ctx)
	return v.event.Tier == MemoryTier && w != nil && w.state == v.state && w.epoch == live.epoch.Load()
}

// audited has a hit audited, if it is one of those that are.
func (v *visit) audited(h Held) {
	share := v.state.cache.share(v.fn)
	if share == 0 || v.event.Outcome != Hit || v.event.Err != nil || !v.write || v.targeted() {
		return
	}
	if !v.direct() && !draw(share) {
		return
	}
	k := v.key()
	again := v.auditor(v.call.Again(), h)
	v.state.cache.audits.Go(v.ctx, string(k[:]), func(ctx context.Context) error {
		again.ctx = ctx
		again.audit(h)
		return nil
	})
}

// auditor returns a visit that executes the call for an audit of h.
func (v *visit) auditor(c Call, h Held) *visit {
	return &visit{
		ctx: v.ctx, call: c, hash: v.hash, fn: v.fn, state: v.state, settings: v.settings, mode: Use, write: v.write, began: v.began,
		now: v.now, name: v.key(), again: true, latest: h.About().Stamp, base: h.About().Stamp,
	}
}

// Audit is what an audit came to.
type Audit struct {
	Different *Different
	Err       error // of the execution, which then tells nothing
}

// audit executes the function and compares its result with h. One that differs replaces h where
// results may be written.
func (v *visit) audit(h Held) (a Audit) {
	var span *span
	v.ctx, span = v.begin(v.ctx, Auditing)
	defer func() { span.end(a.Err) }()
	v.state.flights.Begin(v.hash)
	defer v.state.flights.End(v.hash)
	p := v.prepare()
	clock := v.state.cache.clock
	began, start := clock.Stamp(), clock.Now()
	stamp := v.after(began)
	made, err := v.invoke(v.ctx)
	v.fn.tally.audited.Add(1)
	if a.Err = err; err != nil || made == nil || v.ctx.Err() != nil {
		return a // it tells nothing of what is kept
	}
	m := made.About()
	m.made(v.fn, began, stamp, clock.Now(), clock.Now().Sub(start))
	if a.Different = v.compare(h, made); a.Different == nil || !v.current(h.About()) {
		return Audit{} // the same, or h was forgotten meanwhile
	}
	v.fn.tally.different.Add(1)
	v.faultOf("audit", Differs, a.Different)
	if v.write {
		v.keep(made, p)
	}
	return a
}

// compare returns how the results differ, or nil.
func (v *visit) compare(was, is Held) *Different {
	x, y := reflect.ValueOf(was.Value()).Elem(), reflect.ValueOf(is.Value()).Elem()
	var d *codec.Difference
	v.guard("audit", func() { d = codec.Differ(x, y, v.state.cache.config.AuditFloats) })
	if d == nil {
		return nil
	}
	return &Different{
		Func: v.fn.Name, Key: v.key().String(), Inputs: v.call.Inputs(false).Preview,
		Path: d.Path, Was: hidden(d.Path, d.Was), Is: hidden(d.Path, d.Is), WasDigest: digest(x), IsDigest: digest(y),
	}
}

// hidden returns a part of a result unless its name says that it is secret.
func hidden(path, value string) string {
	for name := range strings.FieldsFuncSeq(path, func(r rune) bool { return strings.ContainsRune(".[]\"", r) }) {
		if secretname.Is(name) {
			return "(secret)"
		}
	}
	return value
}

// digest returns the digest of a value's stored form in hexadecimal digits, "" if it has none.
func digest(v reflect.Value) string {
	b, err := codec.Append(nil, v.Addr())
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Different says that the function returns something else than what is kept.
type Different struct {
	// Func is the function's name, Key the result's key, Inputs a preview of the inputs.
	Func, Key, Inputs string
	// Path says where the results differ first: Report.Temps[2]. Was is what is kept there, Is what
	// the function returned.
	Path, Was, Is string
	// WasDigest and IsDigest are those of the results' stored forms; "" if they have none.
	WasDigest, IsDigest string
}

// Error says where they differ: "Report.Temps[2]: 3 ≠ 4".
func (d *Different) Error() string {
	return fmt.Sprintf("cache: audit of %s(%s): %s: %s ≠ %s", d.Func, d.Inputs, d.Path, d.Was, d.Is)
}

// Audit executes the call and compares its result with what a call would find, if that is
// something. A difference replaces it.
func (f *Function) Audit(ctx context.Context, hash uint64, c Call) (a Audit, found bool) {
	v := f.visit(ctx, hash, c)
	v.mode, v.asked = Use, 0
	v.state.flights.Begin(v.hash)
	h := v.found()
	v.state.flights.End(v.hash)
	if h == nil || v.targeted() {
		return Audit{}, false
	}
	v.event = Event{}
	return v.auditor(c, h).audit(h), true
}
