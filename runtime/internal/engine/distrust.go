package engine

// distrust makes a call go past the cache. In mode Frozen, which executes nothing, there is nothing to be found.
func (v *visit) distrust(why Reason) {
	v.blind, v.write, v.event.Reason = true, false, why
	if v.mode != Frozen {
		v.mode = Bypass
	}
}
