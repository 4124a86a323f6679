package load

import (
	"path/filepath"
	"slices"
	"strings"
)

// directory is a pattern that names a directory, or a tree of them: "./a", "./a/...".
type directory struct {
	path string
	tree bool
}

// matches reports whether the pattern matches a directory. In a tree the go command passes over
// some.
func (d directory) matches(dir string) bool {
	if dir == d.path {
		return true
	}
	below, ok := strings.CutPrefix(dir, strings.TrimSuffix(d.path, string(filepath.Separator))+string(filepath.Separator))
	return ok && d.tree && !slices.ContainsFunc(strings.Split(below, string(filepath.Separator)), hidden)
}

// directories returns cfg's patterns as directories, if all of them are.
func directories(cfg Config) ([]directory, bool) {
	base, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, false
	}
	var dirs []directory
	for _, p := range cfg.patterns() {
		if p != "." && !strings.HasPrefix(p, "./") {
			return nil, false
		}
		path, tree := strings.CutSuffix(p, "/...")
		if strings.Contains(path, "...") {
			return nil, false
		}
		dirs = append(dirs, directory{real(filepath.Join(base, filepath.FromSlash(path))), tree})
	}
	return dirs, true
}

// markRoots marks the packages of main modules in dirs, and reports whether there is one in each.
// If not, the go command knows better what to say, and so it does where it says nothing of a
// package but that it can't be one: its path has a space, or an ä.
func (m *metadata) markRoots(dirs []directory) bool {
	found := make([]bool, len(dirs))
	for _, p := range m.packages {
		if p.Module == nil && p.Dir == "" && len(p.Errors) > 0 {
			return false
		}
		if p.Module == nil || !p.Module.Main || p.isLink() {
			continue
		}
		for i, d := range dirs {
			if d.matches(real(p.Dir)) {
				p.Root, found[i] = true, true
			}
		}
	}
	for _, ok := range found {
		if !ok {
			return false
		}
	}
	return true
}

// isLink reports whether a package's directory is behind a symbolic link to a package of its
// module: generated code there is the other's.
func (p *Package) isLink() bool {
	top := real(p.Module.Dir)
	rel, err := filepath.Rel(p.Module.Dir, p.Dir)
	dir := real(p.Dir)
	return err == nil && dir != filepath.Join(top, rel) && within(top, dir)
}

// real is a path without symbolic links, or as it is if there is nothing.
func real(path string) string {
	if found, err := filepath.EvalSymlinks(path); err == nil {
		return found
	}
	return path
}
