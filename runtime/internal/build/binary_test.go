package build

import "testing"

func TestBinary(t *testing.T) {
	for mode, same := range map[string]bool{"": true, "exe": true, "pie": true, "c-shared": false, "plugin": false} {
		p := made("-buildmode=" + mode)
		a, b := p.binary(), p.binary()
		if (a == b) != same {
			t.Errorf("-buildmode=%s: %s and %s: want the same: %v", mode, a, b, same)
		}
	}
}
