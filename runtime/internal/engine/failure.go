package engine

import (
	"unsafe"

	"github.com/cachegen/cachegen/runtime/internal/memory"
)

// failed is a failed execution in memory: the results of the function, and its error.
type failed struct {
	memory.Header
	held Held
	err  error
}

func newFailed(h Held, err error, size int64) *failed {
	f := &failed{held: h, err: err}
	f.Stamp = h.About().Stamp
	f.SetSize(size)
	return f
}

// failures is what failed executions are to the memory tier.
var failures = memory.Kind[*failed]{
	Entry:  func(h *memory.Header) *failed { return (*failed)(unsafe.Pointer(h)) }, // it begins with its header
	Header: func(f *failed) *memory.Header { return &f.Header },
}

// failed handles an execution that ended with err, unless it ended because its caller's context
// did.
func (v *visit) failed(stamp int64, h Held, p prepared, err error) (Held, error) {
	if v.fn.Options.KeepFailed && v.write && v.state.stored() {
		v.saveFailed(stamp, err)
	}
	if v.late(v.fn.Options.StaleIfError) {
		return v.use(), nil
	}
	if h != nil && v.write && v.fn.Options.ErrorMaxAge > 0 && p.ok {
		m := h.About()
		m.belong(v.fn, p)
		size := weigh(h) + sizeOf(&err)
		if m.detail().marked() {
			return h, err
		}
		if old := v.state.failures.Get(v.hash); old != nil && v.call.Holds(old.held) {
			m.outstrip(v.fn, old.held.About().Stamp+1)
		}
		v.state.flights.Settle(v.hash, m.Began(), m.Began(), true, func() { v.state.failures.Insert(v.hash, newFailed(h, err, size)) })
		v.state.room.Trim()
	}
	return h, err
}

// remembered returns the failure that memory has for the call's key, or nil. Tags and runs make it
// unusable as they do a result.
func (v *visit) remembered() *failed {
	limit := v.fn.Options.ErrorMaxAge
	if limit <= 0 {
		return nil
	}
	f := v.state.failures.Get(v.hash)
	if f == nil || !v.call.Holds(f.held) {
		return nil
	}
	m := f.held.About()
	if m.Began() < v.asked || m.Stamp < v.latest || m.Age(v.now) > limit || !v.current(m) {
		return nil
	}
	v.hit(f.held, MemoryTier)
	v.event.Err = f.err
	return f
}
