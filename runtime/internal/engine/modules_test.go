package engine

import (
	"runtime/debug"
	"slices"
	"testing"
)

func TestModules(t *testing.T) {
	info := &debug.BuildInfo{
		Main: debug.Module{Path: "example.com/app", Version: "(devel)"},
		Deps: []*debug.Module{
			{Path: "example.com/plain", Version: "v1.2.3", Sum: "h1:a="},
			{Path: "example.com/forked", Version: "v1.0.0", Sum: "h1:b=", Replace: &debug.Module{Path: "example.com/fork", Version: "v1.0.1", Sum: "h1:c="}},
			{Path: "example.com/local", Version: "v1.0.0", Sum: "h1:d=", Replace: &debug.Module{Path: "../local"}},
			{Path: "example.com/workspace", Version: "(devel)"},
			{Path: "example.com/unsummed", Version: "v1.0.0"},
		},
	}
	binary := func() string { return "binary x" }
	for path, want := range map[string]string{
		"example.com/plain":     "example.com/plain example.com/plain@v1.2.3 h1:a=",
		"example.com/forked":    "example.com/forked example.com/fork@v1.0.1 h1:c=",
		"example.com/local":     "example.com/local binary x",
		"example.com/workspace": "example.com/workspace binary x",
		"example.com/unsummed":  "example.com/unsummed binary x",
		"example.com/app":       "example.com/app binary x",
		"example.com/missing":   "example.com/missing binary x",
	} {
		if got := resolve([]string{path}, info, binary); !slices.Equal(got, []string{want}) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := resolve([]string{"example.com/plain"}, &debug.BuildInfo{}, binary); got[0] != "example.com/plain binary x" {
		t.Errorf("without build information: %q", got)
	}
}

func TestBinaryIsKnown(t *testing.T) {
	if b := binary(); b != binary() || len(b) != len("binary ")+64 {
		t.Error(b)
	}
}
