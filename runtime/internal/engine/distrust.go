package engine

// distrust makes a call go past the cache because the wrapper is not what would be generated now: what the version names is other code's, or
// keys and copies leave something out. In mode Frozen, which executes nothing, there is nothing to be found.
func (v *visit) distrust() {
	v.outdated, v.write, v.event.Reason = true, false, CodeChanged
	if v.mode != Frozen {
		v.mode = Bypass
	}
}
