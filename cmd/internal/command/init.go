package command

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"

	"golang.org/x/mod/modfile"
)

// workflow is what CI runs.
//
//go:embed init_workflow.yml
var workflow []byte

const (
	toolPath     = "github.com/cachegen/cachegen/cmd/cachegen"
	modulePath   = "github.com/cachegen/cachegen"
	generateLine = "//go:generate go tool cachegen ./..."
	workflows    = ".github/workflows"
)

// runInit makes a module ready for cachegen, and says what it did. What is there stays as it is.
func runInit(ctx context.Context, c *command, args []string) int {
	ci := c.flags.String("ci", "github", "whose CI to write a file for: `github` or none")
	if code, ok := c.parse(args); !ok {
		return code
	}
	if c.flags.NArg() > 0 || *ci != "github" && *ci != "none" {
		return c.fail(errors.New("init takes no arguments but -ci=github or -ci=none; run it in the module. " +
			"For another CI write a job that runs: go tool cachegen check ./... (examples/ci has one for GitLab)"))
	}
	i := &initializer{command: c}
	steps := []func(context.Context) error{i.findModule, i.addTool, i.addGenerateLine}
	if *ci == "github" {
		steps = append(steps, i.addWorkflow)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return c.fail(err)
		}
	}
	fmt.Fprintln(c.stdout, "next: write //cache:auto in the doc comment of a function, and run go generate ./...")
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
	out, err := exec.CommandContext(ctx, "go", "env", "-json=false", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("go env GOMOD: %w", err)
	}
	name := strings.TrimSpace(string(out))
	if name == "" || name == os.DevNull {
		return errors.New("there is no module here; begin one with go mod init")
	}
	i.dir = filepath.Dir(name)
	data, err := os.ReadFile(name)
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
		data, err := os.ReadFile(path)
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

// addWorkflow writes what CI runs, unless a workflow does already. GitHub reads workflows at the root
// of the repository alone, which may be above the module.
func (i *initializer) addWorkflow(ctx context.Context) error {
	root, module := i.repository(ctx)
	names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(workflows), "*.y*ml"))
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if checks(string(data), module) {
			i.say(i.relative(name), "runs cachegen check already")
			return nil
		}
	}
	name, content := "cachegen.yml", string(workflow)
	if module != "." {
		name = "cachegen-" + strings.ReplaceAll(module, "/", "-") + ".yml"
		content = inDirectory(content, module)
	}
	path := filepath.Join(root, filepath.FromSlash(workflows), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return i.create(i.relative(path), []byte(content), "written: it runs cachegen check for each pull request")
}

// repository returns the root of the git repository around the module, and the module's path below
// it. Without a repository the module's directory is the root.
func (i *initializer) repository(ctx context.Context) (root, module string) {
	cmd := exec.CommandContext(ctx, "git", "rev-parse", "--show-prefix")
	cmd.Dir = i.dir
	out, err := cmd.Output()
	module = strings.Trim(strings.TrimSpace(string(out)), "/")
	if err != nil || module == "" {
		return i.dir, "."
	}
	root = i.dir
	for range strings.Count(module, "/") + 1 {
		root = filepath.Dir(root)
	}
	return root, module
}

// checks reports whether a workflow checks the module at a path below the repository's root.
func checks(content, module string) bool {
	return strings.Contains(content, "cachegen check") && (module == "." || strings.Contains(content, module))
}

// inDirectory returns the workflow for a module below the repository's root.
func inDirectory(content, module string) string {
	return strings.NewReplacer(
		"name: cachegen\n", "name: cachegen "+module+"\n",
		"    runs-on: ubuntu-latest\n", "    runs-on: ubuntu-latest\n    defaults:\n      run:\n        working-directory: "+module+"\n",
		"go-version-file: go.mod", "go-version-file: "+module+"/go.mod",
	).Replace(content)
}

// relative returns a path as seen from the module's directory.
func (i *initializer) relative(path string) string {
	rel, err := filepath.Rel(i.dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
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
