package render

import "testing"

// TestText renders once for what the options come to, whatever functions say so.
func TestText(t *testing.T) {
	wide := func(s *settings) { s.Width = 5 }
	for _, want := range []struct {
		opts   []Option
		text   string
		misses uint64
	}{
		{nil, "aa bb cc", 1},
		{[]Option{Width(5)}, "aa bb\ncc", 2},
		{[]Option{wide}, "aa bb\ncc", 2},
		{[]Option{Bold(), Width(5)}, "*aa bb\ncc*", 3},
		{[]Option{Width(5), Bold()}, "*aa bb\ncc*", 3},
	} {
		if got := Text("aa bb cc", want.opts...); got != want.text {
			t.Errorf("%q; want %q", got, want.text)
		}
		if got := renderCache.Stats().Misses; uint64(got) != want.misses {
			t.Errorf("%d misses; want %d", got, want.misses)
		}
	}
}
