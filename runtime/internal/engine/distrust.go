package engine

// distrust makes a call bypass the cache. In mode Frozen, where nothing executes, such a call finds
// nothing.
func (v *visit) distrust(why Reason) {
	v.blind, v.write, v.event.Reason = true, false, why
	if v.mode != Frozen {
		v.mode = Bypass
	}
}
