// Tour shows what cachegen does, on a copy of the census example in a module of its own: it
// generates, runs the program twice in two processes, edits a comment, edits a helper, and tells
// each time what was computed again.
//
//	go run ./examples/census/tour
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
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
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: tour [directory]\n\nThe directory has Go files to measure: by default the toolchain's.")
	}
	flag.Parse()
	dir, err := os.MkdirTemp("", "cachegen-tour-")
	if err != nil {
		log.Fatal(err)
	}
	t := &visit{dir: dir, source: flag.Arg(0), out: os.Stdout}
	err = t.tour()
	if removeErr := os.RemoveAll(dir); err == nil {
		err = removeErr
	}
	if err != nil {
		log.Fatal(err)
	}
}

// visit is a copy of the example, and what its runs came to.
type visit struct {
	dir, source string
	out         io.Writer
	modules     []string // the environment in which the go command finds modules
	runs        []run
}

// tour generates, runs, edits and runs again, and tells what it does.
func (t *visit) tour() error {
	t.say("Census measures Go source with two cached functions: measure finds complex functions, words counts the words in names.")
	if err := t.copyExample(); err != nil {
		return err
	}
	t.say("\nGenerating their wrappers, and building the program. The first time this compiles cachegen itself: that can take a minute.")
	if err := t.command("go", "build", "-o", "cachegen.exe", home+"/cmd/cachegen"); err != nil {
		return err
	}
	if err := t.generateAndBuild(); err != nil {
		return err
	}
	steps := []struct{ title, file, old, replacement, say string }{
		{title: "first run", say: "The first run computes."},
		{title: "second run", say: "The second run is another process. It finds the results on the disk."},
		{
			"a comment edited", "complexity/complexity.go", "// Of returns", "// Of is",
			"A comment of a helper was edited, and the program generated and built again. Nothing is computed.",
		},
		{
			"complexity.Of edited", "complexity/complexity.go", "case *ast.IfStmt,", "case *ast.DeferStmt, *ast.IfStmt,",
			"The helper that tells complexity was edited. So measure computes again, and words does not.",
		},
	}
	for _, step := range steps {
		if step.file != "" {
			t.say("\nEditing %s, generating and building …", step.file)
			if err := t.edit(step.file, step.old, step.replacement); err != nil {
				return err
			}
		}
		t.say("\n%s", step.say)
		if err := t.run(step.title); err != nil {
			return err
		}
	}
	t.say("\nIn short:\n\n%s", picture(t.runs))
	return nil
}

// say tells the visitor something.
func (t *visit) say(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

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
	if err := t.command(filepath.Join(t.dir, "cachegen.exe"), "."); err != nil {
		return err
	}
	return t.command("go", "build", "-o", "census.exe", ".")
}

// run runs the example and remembers what it came to.
func (t *visit) run(title string) error {
	var printed bytes.Buffer
	args := []string{}
	if t.source != "" {
		args = append(args, t.source)
	}
	start := time.Now()
	err := t.commandTo(io.MultiWriter(t.out, &printed), filepath.Join(t.dir, "census.exe"), args...)
	if err == nil {
		t.runs = append(t.runs, runOf(title, time.Since(start), printed.String()))
	}
	return err
}

// command runs a command in the copy, with a cache that starts empty.
func (t *visit) command(name string, args ...string) error { return t.commandTo(t.out, name, args...) }

// commandTo is command for one whose output goes to w.
func (t *visit) commandTo(w io.Writer, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "CACHEGEN_DIR="+filepath.Join(t.dir, ".cache"))
	cmd.Env = append(cmd.Env, t.modules...)
	cmd.Stdout, cmd.Stderr = w, t.out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", filepath.Base(name), strings.Join(args, " "), err)
	}
	return nil
}
