package build

import (
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// made returns a program that was built with settings: "GOARCH=amd64", and -ldflags and so on as
// the build information has them.
func made(settings ...string) *program {
	info := &debug.BuildInfo{
		Path: "example.com/app/cmd/app",
		Main: debug.Module{Path: "example.com/app", Version: "(devel)"},
		Deps: []*debug.Module{{Path: "example.com/dep", Version: "v1.0.0", Sum: "h1:a="}, {Path: "example.com/far", Version: "v1.0.0", Sum: "h1:b="}},
	}
	for _, s := range settings {
		key, value, _ := strings.Cut(s, "=")
		info.Settings = append(info.Settings, debug.BuildSetting{Key: key, Value: value})
	}
	return &program{info: info, digest: func() string { return "binary" }}
}

// TestSettings has each kind of setting: those that say what the build was, those that make no
// difference, and those that hide something.
func TestSettings(t *testing.T) {
	plain := Uses{Func: "example.com/app.F"}
	reads := Uses{Func: "example.com/app.F", Linked: []string{"example.com/app/cmd/app.region"}}
	outside := Uses{Func: "example.com/app.F", Modules: []string{"example.com/dep"}}
	for _, tt := range []struct {
		name     string
		settings string // separated by "; "
		uses     Uses
		want     string
	}{
		{"target", "GOOS=linux; GOARCH=amd64; GOAMD64=v3", plain, "GOAMD64=v3 GOARCH=amd64 GOOS=linux"},
		{"order", "GOARCH=arm64; -race=true", plain, "-race=true GOARCH=arm64"},
		{"GODEBUG's defaults", "DefaultGODEBUG=panicnil=1,x=0", plain, "DefaultGODEBUG=panicnil=1,x=0"},
		{"a setting that nobody knows", "-new=x", plain, "-new=x"},
		{"empty", "CGO_CFLAGS=; CGO_ENABLED=1", plain, "CGO_ENABLED=1"},
		{"revision", "vcs=git; vcs.revision=12ab; vcs.modified=true; vcs.time=2026; GOOS=linux", plain, "GOOS=linux"},
		{"order of tags", "-tags=b,a,b", plain, "-tags=a,b"},
		{"nothing", "", plain, "binary"},
		{"portable", "GOOS=linux", Uses{Portable: true}, ""},
		{"portable, nothing", "", Uses{Portable: true}, ""},
		{"what programs do before", "GOOS=linux", Uses{Linked: []string{"main"}}, "GOOS=linux main package example.com/app/cmd/app"},
		{"portable, what programs do before", "GOOS=linux", Uses{Linked: []string{"main"}, Portable: true}, "main package example.com/app/cmd/app"},
		{"toolchain", "GOOS=linux", Uses{Portable: true, Toolchain: true}, "toolchain " + runtime.Version()},
		{"trimmed paths", "-trimpath=true", plain, "-trimpath=true"},
		{"trimmed paths, reads a variable", "-trimpath=true", reads, "binary"},
		{"trimmed paths, C code", "-trimpath=true", Uses{Linked: []string{"C"}}, "binary"},
		{"trimmed paths, other modules", "-trimpath=true", outside, "binary"},
		{"compiler's flags", "-gcflags=all=-N -l", plain, "-gcflags=all=-N -l"},
		{"compiler's flags for some packages", "-gcflags=example.com/app=-N", plain, "binary"},
		{"compiler's flags for named packages", "-gcflags=-N", plain, "binary"},
		{"assembler's flags", "-asmflags=-D=X", plain, "binary"},
		{"profile", "-pgo=/home/me/default.pgo; GOARCH=amd64; GOAMD64=v2", plain, "-pgo=/home/me/default.pgo GOAMD64=v2 GOARCH=amd64"},
		{"profile, fused operations", "-pgo=default.pgo; GOARCH=amd64; GOAMD64=v3", plain, "binary"},
		{"profile, another processor", "-pgo=default.pgo; GOARCH=arm64", plain, "binary"},
		{"linker's flags for some packages", "-ldflags=std=-s", plain, "binary"},
		{"linker's flags for all", "-ldflags=all=-s -X main.region=eu", reads, "-X main.region=eu -ldflags=-s"},
	} {
		var settings []string
		if tt.settings != "" {
			settings = strings.Split(tt.settings, "; ")
		}
		if got := strings.Join(made(settings...).settings(tt.uses), " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	p := made("GOOS=linux")
	p.godebug = "panicnil=1"
	if got := p.settings(plain); !slices.Equal(got, []string{"GOOS=linux", "GODEBUG=panicnil=1"}) {
		t.Errorf("with GODEBUG in the environment: %q", got)
	}
}

// TestLinked sets variables by -X in all spellings, and looks which functions take notice.
func TestLinked(t *testing.T) {
	for _, tt := range []struct {
		flags, linked, modules, want string
	}{
		{"-X main.region=eu", "example.com/app/cmd/app.region", "", "-X main.region=eu"},
		{"-X main.region=eu", "", "", ""},
		{"-X main.region=eu", "example.com/app/lib.region", "", ""},
		{"-s -w -X main.commit=12ab", "", "", "-ldflags=-s -w"},
		{"-X=example.com/app/lib.a=1 --X example.com/app/lib.b=2", "example.com/app/lib.b", "", "-X example.com/app/lib.b=2"},
		{"-s '-X=example.com/app/lib.a=1 2'", "example.com/app/lib.a", "", "-X example.com/app/lib.a=1 2,-ldflags=-s"},
		{"-X 'example.com/app/lib.a=x y'", "example.com/app/lib.a", "", "-X example.com/app/lib.a=x y"},
		{"-X \"example.com/app/lib.a=\"", "example.com/app/lib.a", "", "-X example.com/app/lib.a="},
		{"-X example.com/app/lib.a=1 -X example.com/app/lib.a=2", "example.com/app/lib.a", "", "-X example.com/app/lib.a=2"},
		{"-X example.com/dep/v.version=1", "", "example.com/dep", "-X example.com/dep/v.version=1"},
		{"-X example.com/dep.version=1", "", "example.com/dep", "-X example.com/dep.version=1"},
		{"-X example.com/far.version=1", "", "example.com/dep", ""},
		{"-X runtime.godebugDefault=panicnil=1", "", "", "-X runtime.godebugDefault=panicnil=1"},
		{"-X net/http.x=1", "", "", "-X net/http.x=1"},
		{"-X", "", "", "-X ="},
		{"-X 'unfinished", "", "", "-ldflags=-X 'unfinished"},
	} {
		u := Uses{Func: "example.com/app/lib.F"}
		if tt.linked != "" {
			u.Linked = strings.Fields(tt.linked)
		}
		if tt.modules != "" {
			u.Modules = strings.Fields(tt.modules)
		}
		if got := strings.Join(made("-ldflags="+tt.flags).settings(u), ","); got != tt.want {
			t.Errorf("%s, of %q in modules %q: %q, want %q", tt.flags, tt.linked, tt.modules, got, tt.want)
		}
	}
	p := made("-ldflags=-X main.region=eu")
	p.info.Path = "command-line-arguments"
	if got := p.settings(Uses{Linked: []string{"example.com/app/cmd/app.region"}}); len(got) != 1 {
		t.Errorf("of files that the command names: %q", got)
	}
}

func TestRevision(t *testing.T) {
	for want, settings := range map[string][]string{
		"":           {"GOOS=linux"},
		"12ab":       {"vcs.revision=12ab", "vcs.modified=false"},
		"12ab+dirty": {"vcs.revision=12ab", "vcs.modified=true"},
	} {
		if got := made(settings...).revision(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestTestBinary sees that a test binary has keys of its own, whatever the function asks for.
func TestTestBinary(t *testing.T) {
	p := made("GOOS=linux")
	p.info.Path = "example.com/app.test"
	for _, u := range []Uses{{}, {Portable: true}, {Linked: []string{"main"}}} {
		if l := p.settings(u); !slices.Contains(l, "main package example.com/app.test") {
			t.Errorf("%+v: %q", u, l)
		}
	}
}
