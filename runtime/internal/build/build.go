// Package build tells what this program was built from and how: the modules in it, and the
// configuration of the build. Both join the keys of results, for both are the application's choice
// and not the generator's.
//
// What it knows comes from the build information that the go command puts into a program. Where
// that does not tell, the digest of the binary stands for it: results are then used as long as
// nobody builds the program anew.
package build

import (
	"cmp"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// Uses is what a function's results can depend on in a build.
type Uses struct {
	// Func is the function's name, which begins with the path of its package.
	Func string
	// Modules are the modules other than its own whose code it reaches: their paths, and after " =>
	// " what the generator found there if that is in the version: "../units" (a directory that
	// replaces the module), "workspace" or "vendor".
	Modules []string
	// Linked are the string variables of its own modules that it reaches, by import path and name:
	// the linker can set them. "C" among them says that it reaches C code, "main" that programs
	// differ in what they do before it is called.
	Linked []string
	// Portable says that the configuration makes no difference. Toolchain asks for the version of
	// Go.
	Portable, Toolchain bool
}

// mainCode is among what is linked if programs differ in what they do before the call.
const mainCode = "main"

// ModuleVersions returns what the modules in u are in this program: path, version and sum, of the
// replacement if there is one.
func (u Uses) ModuleVersions() []string {
	var l []string
	for _, m := range this().reached(u) {
		l = append(l, m.path+" "+m.code)
	}
	return l
}

// Settings returns the parts of this program's configuration that can make a difference to u, each
// a text such as "GOARCH=arm64".
func (u Uses) Settings() []string { return this().settings(u) }

// Revision returns the revision of the repository that this program was built from, with "+dirty"
// if something was changed in it, or "" if the build information has none.
func Revision() string { return this().revision() }

// MainPath returns the import path of this program's main package, "" if it is not known. That of a
// test binary ends in ".test".
func MainPath() string { return this().info.Path }

// program is a program as its build information describes it.
type program struct {
	info *debug.BuildInfo
	// godebug is the variable GODEBUG of the environment in which the program started.
	godebug string
	// digest stands for what the build information does not tell.
	digest func() string
}

var this = sync.OnceValue(func() *program {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	p := &program{info: info, godebug: godebug}
	p.digest = sync.OnceValue(p.binary)
	return p
})

// godebug is read when the program starts: what it writes to its own environment later is no part
// of how it was started.
var godebug = os.Getenv("GODEBUG")

// setting returns a setting of the build, "" if there is none.
func (p *program) setting(key string) string {
	for _, s := range p.info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

func (p *program) revision() string {
	revision := p.setting("vcs.revision")
	if revision != "" && p.setting("vcs.modified") == "true" {
		revision += "+dirty"
	}
	return revision
}

// settings returns the configuration's part of the key of a function's results. Tests change what
// the functions of a package do, and nothing of that is in a version: so the results that one test
// binary makes are for itself.
func (p *program) settings(u Uses) []string {
	var l []string
	switch {
	case u.Portable:
	case p.hides(u):
		l = []string{p.digest()}
	default:
		l = p.told(u)
	}
	if main := p.info.Path; slices.Contains(u.Linked, mainCode) || strings.HasSuffix(main, ".test") {
		l = append(l, "main package "+cmp.Or(main, p.digest()))
	}
	if !u.Portable && p.godebug != "" {
		l = append(l, "GODEBUG="+p.godebug)
	}
	if u.Toolchain {
		l = append(l, "toolchain "+runtime.Version())
	}
	return l
}

// told returns the settings that count: all but those of the repository, whose code has its
// version, and of the linker's variables those that the function can read.
func (p *program) told(u Uses) []string {
	var l []string
	add := func(key, value string) { l = append(l, key+"="+value) }
	for _, s := range p.info.Settings {
		switch {
		case s.Value == "" || strings.HasPrefix(s.Key, "vcs"):
		case s.Key == "-tags":
			tags := strings.Split(s.Value, ",")
			slices.Sort(tags)
			add(s.Key, strings.Join(slices.Compact(tags), ","))
		case s.Key == "-ldflags":
			rest, variables := p.linked(s.Value, u)
			if rest != "" {
				add(s.Key, rest)
			}
			for _, v := range variables {
				add("-X "+v.name, v.value)
			}
		default:
			add(s.Key, s.Value)
		}
	}
	slices.Sort(l)
	return l
}

// hides reports whether the build information leaves out what can make a difference to the
// function.
func (p *program) hides(u Uses) bool {
	switch {
	case len(p.info.Settings) == 0: // another build system's program
		return true
	case !wholly(p.setting("-gcflags")), !wholly(p.setting("-asmflags")), !wholly(p.setting("-gccgoflags")):
		return true
	case p.setting("-ldflags") != "" && !forMain(p.setting("-ldflags")):
		return true
	case p.setting("-pgo") != "" && p.fuses():
		return true
	}
	// -trimpath hides the flags of the linker and of the C compiler, for they may have paths in
	// them.
	outside := func(m reached) bool { return !m.local }
	settable := func(name string) bool { return name != mainCode }
	return p.setting("-trimpath") == "true" && (slices.ContainsFunc(u.Linked, settable) || slices.ContainsFunc(p.reached(u), outside))
}

// fuses reports whether the compiler may make one floating-point operation of two. Then a result
// can depend on what it inlines, and that on a profile, of which the build information has only the
// name.
func (p *program) fuses() bool {
	level := p.setting("GOAMD64")
	return level != "v1" && level != "v2"
}

// The build information has the last -gcflags alone, and there may have been others for other
// packages.

// wholly reports whether flags are for all packages, so that none before them holds.
func wholly(flags string) bool {
	pattern, _ := perPackage(flags)
	return flags == "" || pattern == "all"
}

// forMain reports whether flags are for the main package: those without a pattern are for the
// packages that the command names.
func forMain(flags string) bool {
	pattern, _ := perPackage(flags)
	return pattern == "all" || pattern == ""
}

// perPackage splits flags as in "all=-N -l" into the pattern of packages that they are for and the
// flags.
func perPackage(flags string) (pattern, rest string) {
	flags = strings.TrimSpace(flags)
	if strings.HasPrefix(flags, "-") {
		return "", flags
	}
	pattern, rest, _ = strings.Cut(flags, "=")
	return strings.TrimSpace(pattern), rest
}
