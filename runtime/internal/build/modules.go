package build

import (
	"path"
	"runtime/debug"
	"strings"
)

// reached is a module whose code a function reaches.
type reached struct {
	path string
	// code says which code of it is in the program.
	code string
	// local says that it is the code that the generator read, which is in the function's version.
	local bool
}

// reached returns what the modules in u are in the program.
func (p *program) reached(u Uses) []reached {
	var l []reached
	for _, listed := range u.Modules {
		path, place, _ := strings.Cut(listed, " => ")
		m := p.module(path)
		switch {
		case m != nil && isPublished(m):
			l = append(l, reached{path: path, code: published(m)})
		case m != nil && place != "" && p.isAt(m, place, u):
			l = append(l, reached{path: path, code: place, local: true})
		default: // not in the build information, or a directory that nobody knows
			l = append(l, reached{path: path, code: p.digest()})
		}
	}
	return l
}

// isPublished reports whether the module's version and sum say what its code is.
func isPublished(m *debug.Module) bool {
	if m.Replace != nil {
		m = m.Replace
	}
	return m.Version != "" && m.Version != "(devel)" && m.Sum != ""
}

func published(m *debug.Module) string {
	if m.Replace != nil {
		m = m.Replace
	}
	return m.Path + "@" + m.Version + " " + m.Sum
}

// isAt reports whether a module without a sum is the code that the generator found at a place. That
// is known where the function's own module was built from its directory, too: as the main module,
// or in a workspace.
func (p *program) isAt(m *debug.Module, place string, u Uses) bool {
	own := p.moduleOf(u.Func)
	switch {
	case own == nil || !p.isDirectory(own):
		return false
	case own.Replace != nil: // the place is relative to what replaces it
		return m.Replace != nil && !path.IsAbs(place) && path.Join(own.Replace.Path, place) == path.Clean(m.Replace.Path)
	case place == "workspace":
		return m.Replace == nil && p.isDirectory(m)
	case place == "vendor":
		return !p.isDirectory(m)
	}
	return m.Replace != nil && m.Replace.Path == place
}

// isDirectory reports whether a module was built from a directory that is not a vendored one.
func (p *program) isDirectory(m *debug.Module) bool {
	switch {
	case m.Path == p.info.Main.Path:
		return !isPublished(m) // its version may be made up from its repository
	case m.Replace != nil:
		return m.Replace.Version == "" || m.Replace.Version == "(devel)"
	}
	return m.Version == "(devel)"
}

// module returns the module with a path, nil if the program has none.
func (p *program) module(path string) *debug.Module {
	for _, m := range p.modules() {
		if m.Path == path {
			return m
		}
	}
	return nil
}

// moduleOf returns the module to which a package belongs, or what is declared in it, nil if it is
// the standard library's or unknown.
func (p *program) moduleOf(name string) *debug.Module {
	var of *debug.Module
	for _, m := range p.modules() {
		rest, ok := strings.CutPrefix(name, m.Path)
		if ok && (rest == "" || rest[0] == '/' || rest[0] == '.') && (of == nil || len(m.Path) > len(of.Path)) {
			of = m
		}
	}
	return of
}

func (p *program) modules() []*debug.Module {
	if p.info.Main.Path == "" {
		return p.info.Deps
	}
	return append([]*debug.Module{&p.info.Main}, p.info.Deps...)
}
