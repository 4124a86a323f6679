package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/cachegen/cachegen/internal/regular"
)

const (
	toolPath     = "github.com/cachegen/cachegen/cmd/cachegen"
	modulePath   = "github.com/cachegen/cachegen"
	generateLine = "//go:generate go tool cachegen ./..."
)

// runInit makes a module ready for cachegen, and says what it did. What is there stays as it is.
func runInit(ctx context.Context, c *command, args []string) int {
	ci := c.flags.String("ci", "github", "whose CI to write a file for: `github`, gitlab or none")
	if code, ok := c.parse(args); !ok {
		return code
	}
	service, ok := services[*ci]
	if c.flags.NArg() > 0 || !ok && *ci != "none" {
		return c.fail(errors.New("init takes no arguments but -ci=github, -ci=gitlab or -ci=none; run it in the module. " +
			"Another CI needs a job with go tool cachegen check ./... in it"))
	}
	i := &initializer{command: c}
	steps := []func(context.Context) error{i.findModule, i.addTool, i.addGenerateLine}
	if ok {
		steps = append(steps, func(ctx context.Context) error { return i.addCheck(ctx, service) })
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return c.fail(err)
		}
	}
	fmt.Fprintln(c.stdout, "next: write //cache:auto in the doc comment of a function F, call CachedF, and run go generate ./...")
	return exitOK
}

// initializer makes a module ready.
type initializer struct {
	*command
	dir string // the module's
	mod *modfile.File
}

// say tells of a file below the module what was done to it.
func (i *initializer) say(file, what string) { fmt.Fprintf(i.stdout, "%s: %s\n", file, what) }

// findModule finds the module around the current directory.
func (i *initializer) findModule(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, "go", "env", "-json=false", "-changed=false", "GOMOD", "GOWORK").Output()
	if err != nil {
		return fmt.Errorf("go env GOMOD GOWORK: %w", err)
	}
	name, rest, _ := strings.Cut(string(out), "\n")
	name, workspace := strings.TrimSpace(name), strings.TrimSpace(rest)
	switch {
	case name != "" && name != os.DevNull:
	case workspace != "" && workspace != "off":
		return errors.New("this is a workspace and no module; run init in each of its modules that has functions to cache")
	default:
		return errors.New("there is no module here; begin one with go mod init")
	}
	i.dir = filepath.Dir(name)
	data, err := regular.ReadFile(name)
	if err != nil {
		return err
	}
	i.mod, err = modfile.Parse(name, data, nil)
	return err
}

// addTool makes cachegen a tool of the module.
func (i *initializer) addTool(ctx context.Context) error {
	for _, tool := range i.mod.Tool {
		if tool.Path == toolPath {
			i.say("go.mod", "has the tool already")
			return nil
		}
	}
	args := []string{"get", "-tool", toolPath + "@" + ownVersion()}
	for _, r := range i.mod.Require {
		if r.Mod.Path == modulePath { // the module chose a version
			args = []string{"mod", "edit", "-tool=" + toolPath}
		}
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Stderr = i.dir, i.stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	i.say("go.mod", "tool "+toolPath+" added")
	return nil
}

// ownVersion is the version of this command, if that is a release.
func ownVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Path != modulePath || !strings.HasPrefix(info.Main.Version, "v") || strings.Contains(info.Main.Version, "+") {
		return "latest"
	}
	return info.Main.Version
}

// addGenerateLine makes go generate run cachegen for the whole module.
func (i *initializer) addGenerateLine(context.Context) error {
	where, err := i.generateLine()
	if err != nil {
		return err
	}
	if where != "" {
		i.say(where, "runs cachegen already")
		return nil
	}
	text, err := i.generateFile()
	if err != nil {
		return err
	}
	name := "generate.go"
	if _, err := os.Lstat(filepath.Join(i.dir, name)); err == nil {
		name = "cachegen.go"
	}
	return i.create(name, []byte(text), "written, with "+generateLine)
}

// generateLine returns the place of a line that runs cachegen, "" if there is none.
func (i *initializer) generateLine() (where string, err error) {
	err = filepath.WalkDir(i.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != i.dir && i.skips(path, d.Name()):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		data, err := regular.ReadFile(path)
		if err != nil {
			return err
		}
		n := 0
		for line := range strings.SplitSeq(string(data), "\n") {
			n++
			if strings.HasPrefix(line, "//go:generate ") && strings.Contains(line, "cachegen") {
				rel, err := filepath.Rel(i.dir, path)
				if err != nil {
					return err
				}
				where = fmt.Sprintf("%s:%d", filepath.ToSlash(rel), n)
				return fs.SkipAll
			}
		}
		return nil
	})
	return where, err
}

// skips reports whether a directory is none of the module's.
func (i *initializer) skips(path, name string) bool {
	if name == "vendor" || name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil
}

// create writes a new file. One that is there is none of ours.
func (i *initializer) create(name string, content []byte, what string) error {
	path := filepath.Join(i.dir, filepath.FromSlash(name))
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already and does not run cachegen: remove it, or add to it yourself", name)
	}
	if err := replace(path, content, nil); err != nil {
		return err
	}
	i.say(name, what)
	return nil
}
