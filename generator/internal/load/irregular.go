package load

import (
	"errors"
	"fmt"
	"go/build"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/cachegen/cachegen/internal/regular"
)

// The go command opens whatever has the name of a module file or a source file. It would wait for
// ever for a named pipe, and read a device without end, so these are looked for before it is asked.

// irregularError says what to do about a file that the go command can't read.
func irregularError(err error) error {
	return fmt.Errorf("%w; the go command would wait for it or fail: remove or rename it", err)
}

// checkModuleFiles looks at the files by which the go command finds the module and the workspace of
// a directory.
func checkModuleFiles(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	var module bool
	for ; ; dir = filepath.Dir(dir) {
		names := []string{"go.work", "go.work.sum"}
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); !module && err == nil && !info.IsDir() {
			module = true
			names = append(names, "go.mod", "go.sum", "vendor/modules.txt")
		}
		for _, name := range names {
			if err := regular.Check(filepath.Join(dir, name)); err != nil {
				return irregularError(err)
			}
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

// checkSourceFiles looks at the files of the user's modules that the go command would open.
func checkSourceFiles(cfg Config, env environment) error {
	for _, root := range env.moduleDirs() {
		if err := checkTree(root); err != nil {
			return err
		}
	}
	dirs, _ := directories(cfg)
	for _, d := range dirs { // a tree of packages passes over some directories
		if err := checkDirectory(d.path); err != nil {
			return err
		}
	}
	return nil
}

// moduleDirs are the directories of the main modules, and of the modules that these replace with
// directories. What can't be read is for the go command to complain of.
func (e environment) moduleDirs() []string {
	var dirs []string
	if e.goWork != "" && e.goWork != "off" {
		data, _ := regular.ReadFile(e.goWork)
		if work, err := modfile.ParseWork(e.goWork, data, nil); err == nil {
			for _, use := range work.Use {
				dirs = append(dirs, relativeTo(e.goWork, use.Path))
			}
			dirs = append(dirs, replaced(e.goWork, work.Replace)...)
		}
	} else if e.goMod != "" && e.goMod != os.DevNull {
		dirs = append(dirs, filepath.Dir(e.goMod))
	}
	for _, dir := range dirs {
		name := filepath.Join(dir, "go.mod")
		data, _ := regular.ReadFile(name)
		if file, err := modfile.ParseLax(name, data, nil); err == nil {
			dirs = append(dirs, replaced(name, file.Replace)...)
		}
	}
	return dirs
}

// replaced are the directories that replace modules.
func replaced(file string, all []*modfile.Replace) []string {
	var dirs []string
	for _, r := range all {
		if r.New.Version == "" {
			dirs = append(dirs, relativeTo(file, r.New.Path))
		}
	}
	return dirs
}

// relativeTo is a directory as a module file names it.
func relativeTo(file, dir string) string {
	dir = filepath.FromSlash(dir)
	if filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(filepath.Dir(file), dir)
}

// checkTree looks at a module's packages.
func checkTree(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // the go command has its own words
		case !d.IsDir():
			return checkEntry(filepath.Dir(path), d)
		case path == root:
			return nil
		case hidden(d.Name()), isModule(path):
			return fs.SkipDir
		}
		return nil
	})
}

// isModule reports whether a directory is a module of its own.
func isModule(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil && !info.IsDir()
}

// checkDirectory looks at the package in a directory.
func checkDirectory(dir string) error {
	entries, _ := os.ReadDir(dir)
	for _, d := range entries {
		if err := checkEntry(dir, d); err != nil {
			return err
		}
	}
	return nil
}

func checkEntry(dir string, d fs.DirEntry) error {
	if d.IsDir() || d.Type().IsRegular() {
		return nil
	}
	if err := regular.Check(filepath.Join(dir, d.Name())); err != nil && opens(dir, d.Name()) {
		return irregularError(err)
	}
	return nil
}

// opens reports whether the go command opens a file to find out whether it belongs to a package. It
// opens those of other platforms, too.
func opens(dir, name string) bool {
	opened := false
	ctxt := build.Default
	ctxt.UseAllFiles = true
	ctxt.OpenFile = func(string) (io.ReadCloser, error) {
		opened = true
		return nil, errors.New("only its name counts")
	}
	_, _ = ctxt.MatchFile(dir, name)
	return opened
}
