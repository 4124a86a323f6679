// Tour shows what cachegen does, on a copy of the census example in a module of its own: it generates, runs the program twice in two
// processes, edits a comment, edits a helper, and tells each time what was computed again.
//
//	go run ./examples/census/tour
package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// home is where the example lives, and what it is called in its copy.
const (
	home    = "github.com/cachegen/cachegen"
	example = home + "/examples/census"
)

func main() {
	log.SetFlags(0)
	dir, err := os.MkdirTemp("", "cachegen-tour-")
	if err != nil {
		log.Fatal(err)
	}
	err = tour(dir)
	if removeErr := os.RemoveAll(dir); err == nil {
		err = removeErr
	}
	if err != nil {
		log.Fatal(err)
	}
}

func tour(dir string) error {
	t := &visit{dir: dir}
	fmt.Println("Census measures the Go toolchain's own source tree with two cached functions.")
	if err := t.copyExample(); err != nil {
		return err
	}
	if err := t.generateAndBuild(); err != nil {
		return err
	}
	first, err := t.run("The first run computes.")
	if err != nil {
		return err
	}
	second, err := t.run("The second run is another process.")
	if err != nil {
		return err
	}
	fmt.Printf("\nThe first took %s, the second %s: %.0f times as fast.\n",
		first.Round(time.Millisecond), second.Round(time.Millisecond), first.Seconds()/second.Seconds())

	if err := t.edit("complexity/complexity.go", "// Of returns", "// Of is"); err != nil {
		return err
	}
	if _, err := t.run("A comment of a helper was edited: nothing is computed."); err != nil {
		return err
	}
	if err := t.edit("complexity/complexity.go", "case *ast.IfStmt,", "case *ast.DeferStmt, *ast.IfStmt,"); err != nil {
		return err
	}
	_, err = t.run("The helper that measures complexity was edited: measure is computed again, words is not.")
	return err
}

// visit is a copy of the example.
type visit struct{ dir string }

// copyExample makes the example a module in t.dir that requires the repository.
func (t *visit) copyExample() error {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", home).Output()
	if err != nil {
		return fmt.Errorf("finding the module: %w", err)
	}
	root := strings.TrimSpace(string(out))
	source := filepath.Join(root, "examples", "census")
	err = filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "tour":
			return fs.SkipDir
		case !d.Type().IsRegular() || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		rel, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return t.write(rel, bytes.ReplaceAll(data, []byte(example), []byte("census")))
	})
	if err != nil {
		return err
	}
	return t.writeModule(root)
}

// writeModule requires what the repository requires, so that nothing has to be looked up.
func (t *visit) writeModule(root string) error {
	gomod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	gosum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	own := fmt.Sprintf("module census\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", home, home, root)
	gomod = bytes.Replace(gomod, []byte("module "+home+"\n"), []byte(own), 1)
	if err := t.write("go.mod", gomod); err != nil {
		return err
	}
	return t.write("go.sum", gosum)
}

func (t *visit) write(name string, data []byte) error {
	name = filepath.Join(t.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}

// edit replaces a text in a file, generates and builds.
func (t *visit) edit(name, old, replacement string) error {
	data, err := os.ReadFile(filepath.Join(t.dir, name))
	if err != nil {
		return err
	}
	if !bytes.Contains(data, []byte(old)) {
		return fmt.Errorf("%s has no %q", name, old)
	}
	if err := t.write(name, bytes.Replace(data, []byte(old), []byte(replacement), 1)); err != nil {
		return err
	}
	return t.generateAndBuild()
}

func (t *visit) generateAndBuild() error {
	if err := t.command("go", "run", home+"/cmd/cachegen", "."); err != nil {
		return err
	}
	return t.command("go", "build", "-o", "census.exe", ".")
}

// run runs the example and returns how long it took.
func (t *visit) run(title string) (time.Duration, error) {
	fmt.Printf("\n%s\n", title)
	start := time.Now()
	err := t.command(filepath.Join(t.dir, "census.exe"))
	return time.Since(start), err
}

// command runs a command in the copy, with a cache that starts empty.
func (t *visit) command(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "CACHEGEN_DIR="+filepath.Join(t.dir, ".cache"))
	cmd.Stdout = os.Stdout
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", filepath.Base(name), strings.Join(args, " "), err)
	}
	return nil
}
