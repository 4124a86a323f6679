package engine

// failed is a failed execution as memory keeps it: what the function returned besides the error, and the error.
type failed struct {
	Held
	err error
}

// failed is what becomes of an execution that ended with err, but not because its caller's context did.
func (v *visit) failed(stamp int64, h Held, p prepared, err error) (Held, error) {
	if v.fn.Options.KeepFailed && v.write && v.state.stored() {
		v.saveFailed(stamp, err)
	}
	if v.late(v.fn.Options.StaleIfError) {
		return v.use(), nil
	}
	if h != nil && v.write && v.fn.Options.ErrorMaxAge > 0 && p.ok {
		m := h.About()
		m.belonging, m.Tags, m.size = p.belonging, p.tags, weigh(h)+sizeOf(&err)
		m.began = m.Began
		if m.marked() {
			return h, err
		}
		if old := v.state.failures.Get(v.hash); old != nil && v.call.Holds(old.Held) {
			m.stamp = max(m.stamp, old.About().stamp+1)
		}
		v.state.flights.Settle(v.hash, m.Began, true, func() { v.state.failures.Insert(v.hash, &failed{h, err}) })
		v.state.room.Trim()
	}
	return h, err
}

// remembered returns the failure of the call's key that is remembered, or nil. It can be forgotten as a result can, by tags and runs too.
func (v *visit) remembered() *failed {
	limit := v.fn.Options.ErrorMaxAge
	if limit <= 0 {
		return nil
	}
	f := v.state.failures.Get(v.hash)
	if f == nil || !v.call.Holds(f.Held) {
		return nil
	}
	m := f.About()
	if m.Began < v.asked || m.stamp < v.latest || m.Age(v.now) > limit || !v.current(m) {
		return nil
	}
	v.hit(f.Held, MemoryTier)
	v.event.Err = f.err
	return f
}
