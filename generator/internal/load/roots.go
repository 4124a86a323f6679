package load

import (
	"path/filepath"
	"strings"
)

// directory is a pattern that names a directory, or a tree of them: "./a", "./a/...".
type directory struct {
	path string
	tree bool
}

func (d directory) matches(dir string) bool {
	return dir == d.path || d.tree && strings.HasPrefix(dir, strings.TrimSuffix(d.path, string(filepath.Separator))+string(filepath.Separator))
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
		dirs = append(dirs, directory{filepath.Join(base, filepath.FromSlash(path)), tree})
	}
	return dirs, true
}

// markRoots marks the packages of main modules in dirs, and reports whether there is one in each. If not, the go command knows
// better what to say.
func (m *metadata) markRoots(dirs []directory) bool {
	found := make([]bool, len(dirs))
	for _, p := range m.packages {
		if p.Module == nil || !p.Module.Main {
			continue
		}
		for i, d := range dirs {
			if d.matches(p.Dir) {
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
