package build

import (
	"runtime/debug"
	"testing"
)

func released(path string) *debug.Module {
	return &debug.Module{Path: path, Version: "v1.2.3", Sum: "h1:a="}
}

func replaced(path, dir string) *debug.Module {
	return &debug.Module{Path: path, Version: "v1.2.3", Replace: &debug.Module{Path: dir, Version: "(devel)"}}
}

// TestModules has a function of example.com/app that reaches example.com/m, in programs that have
// either from everywhere.
func TestModules(t *testing.T) {
	const (
		app, path = "example.com/app", "example.com/m"
		version   = "example.com/m@v1.2.3 h1:a="
	)
	devel := func(path string) *debug.Module { return &debug.Module{Path: path, Version: "(devel)"} }
	vendored := func(path string) *debug.Module { return &debug.Module{Path: path, Version: "v1.2.3"} }
	fork := &debug.Module{
		Path: path, Version: "v1.0.0", Sum: "h1:b=",
		Replace: &debug.Module{Path: "example.com/fork", Version: "v1.0.1", Sum: "h1:c="},
	}
	for _, tt := range []struct {
		name   string
		listed string
		main   *debug.Module
		deps   []*debug.Module
		want   string
	}{
		{"released", path, devel(app), []*debug.Module{released(path)}, version},
		{"forked", path, devel(app), []*debug.Module{fork}, "example.com/fork@v1.0.1 h1:c="},
		{"vendored since", path, devel(app), []*debug.Module{vendored(path)}, "binary"},
		{"replaced since", path, devel(app), []*debug.Module{replaced(path, "../m")}, "binary"},
		{"in a workspace since", path, devel(app), []*debug.Module{devel(path)}, "binary"},
		{"missing", path, devel(app), nil, "binary"},
		{"none known", path, &debug.Module{}, nil, "binary"},

		{"workspace", path + " => workspace", devel(app), []*debug.Module{devel(path)}, "workspace"},
		{"workspace, another's program", path + " => workspace", devel("example.com/x"), []*debug.Module{devel(app), devel(path)}, "workspace"},
		{"workspace, the other's program", path + " => workspace", &debug.Module{Path: path, Version: "v0.0.0-2026+dirty"}, []*debug.Module{devel(app)}, "workspace"},
		{"workspace, released", path + " => workspace", devel(app), []*debug.Module{released(path)}, version},
		{"workspace, both released", path + " => workspace", devel("example.com/x"), []*debug.Module{released(app), released(path)}, version},
		{"workspace, another's workspace", path + " => workspace", devel("example.com/x"), []*debug.Module{released(app), devel(path)}, "binary"},
		{"workspace, replaced", path + " => workspace", devel(app), []*debug.Module{replaced(path, "../m")}, "binary"},

		{"replaced", path + " => ../m", devel(app), []*debug.Module{replaced(path, "../m")}, "../m"},
		{"replaced by another", path + " => ../m", devel(app), []*debug.Module{replaced(path, "../m2")}, "binary"},
		{"replaced, released", path + " => ../m", devel(app), []*debug.Module{released(path)}, version},
		{"replaced, by the program too", path + " => ../m", devel("example.com/x"), []*debug.Module{replaced(app, "../app"), replaced(path, "../m")}, "../m"},
		{"replaced, by another in the program", path + " => ../m", devel("example.com/x"), []*debug.Module{replaced(app, "./app"), replaced(path, "../m")}, "binary"},
		{"replaced, in another's program", path + " => ../m", devel("example.com/x"), []*debug.Module{released(app), replaced(path, "../m")}, "binary"},

		{"vendored", path + " => vendor", devel(app), []*debug.Module{vendored(path)}, "vendor"},
		{"vendored, not any more", path + " => vendor", devel(app), []*debug.Module{released(path)}, version},
		{"vendored, by another", path + " => vendor", devel("example.com/x"), []*debug.Module{vendored(app), vendored(path)}, "binary"},
		{"vendored, a workspace now", path + " => vendor", devel(app), []*debug.Module{devel(path)}, "binary"},
	} {
		p := &program{info: &debug.BuildInfo{Main: *tt.main, Deps: tt.deps}, digest: func() string { return "binary" }}
		got := p.reached(Uses{Func: app + "/lib.T.F", Modules: []string{tt.listed}})
		if len(got) != 1 || got[0].path != path || got[0].code != tt.want || got[0].local != (tt.want != "binary" && tt.want != version && tt.want[0] != 'e') {
			t.Errorf("%s: %+v, want %q", tt.name, got, tt.want)
		}
	}
}

func TestModuleOf(t *testing.T) {
	p := &program{info: &debug.BuildInfo{
		Main: debug.Module{Path: "example.com/app"}, Deps: []*debug.Module{released("example.com/app/sub"), released("gopkg.in/yaml.v3")},
	}}
	for name, want := range map[string]string{
		"example.com/app.F":        "example.com/app",
		"example.com/app/x.T.F":    "example.com/app",
		"example.com/app/sub/x.F":  "example.com/app/sub",
		"example.com/app/subway.F": "example.com/app",
		"example.com/apple.F":      "",
		"gopkg.in/yaml.v3.F":       "gopkg.in/yaml.v3",
		"net/http":                 "",
	} {
		var got string
		if m := p.moduleOf(name); m != nil {
			got = m.Path
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
