package emit

import (
	"strings"
	"testing"
)

func TestFileName(t *testing.T) {
	names := map[string]string{}
	for _, c := range []struct{ build, want string }{
		{"", "cache_gen.go"},
		{"linux", "cache_linux_gen.go"},
		{"!race", "cache_not_race_gen.go"},
		{"linux && amd64", "cache_linux_and_amd64_gen.go"},
		{"a || !b || c", "cache_a_or_not_b_or_c_gen.go"},
		{"(a || b) && c", "cache_a_or_b_and_c_964a9bca_gen.go"},
		{"a || (b && c)", "cache_a_or_b_and_c_88f044e3_gen.go"},
		{"go1.26", "cache_go1_26_56f36397_gen.go"},
		{"go1_26", "cache_go1_26_aef47e15_gen.go"},
		{"Linux", "cache_Linux_4828e602_gen.go"},
		{"not && a", "cache_not_and_a_df10690b_gen.go"},
		{"é", "cache__4a99557e_gen.go"},
		{strings.Repeat("x", 200), "cache_" + strings.Repeat("x", 80) + "_aa20c23e_gen.go"},
		{strings.Repeat("x", 201), "cache_" + strings.Repeat("x", 80) + "_84a0678c_gen.go"},
		{"!a && b", "cache_not_a_and_b_gen.go"},
		{"a_and_b", "cache_a_and_b_91e34176_gen.go"},
		{"a && b", "cache_a_and_b_gen.go"},
	} {
		got := FileName("", c.build)
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.build, got, c.want)
		}
		if other, ok := names[strings.ToLower(got)]; ok {
			t.Errorf("%q and %q have one file: %s", c.build, other, got)
		}
		names[strings.ToLower(got)] = c.build
	}
}

func TestWrap(t *testing.T) {
	if got, want := wrap("a  b\n c"), "a b c"; got != want {
		t.Errorf("%q", got)
	}
	long := strings.Repeat("x", width)
	if got, want := wrap("a "+long+" "+long+" b"), "a\n"+long+"\n"+long+"\nb"; got != want {
		t.Errorf("%q", got)
	}
}
