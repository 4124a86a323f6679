package programs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/generator/internal/oracle/standin"
)

// clusterSize is how many programs share packages.
const clusterSize = 50

// batch is a directory with a module of programs, and with another module that runs them in one process.
type batch struct{ dir string }

// outcome is what a batch of programs came to: what each function returned, and what its version is made of.
type outcome struct {
	results  map[string]string
	versions map[string]*generator.Explanation
	// crashed are the programs that could not be run, or not be built.
	crashed map[int]bool
}

// try builds, runs and analyses the programs. Those that crash are left out.
func (b batch) try(ctx context.Context, programs map[int]*Program) (*outcome, error) {
	programs = maps.Clone(programs)
	o := &outcome{crashed: map[int]bool{}}
	for {
		if err := b.write(programs); err != nil {
			return nil, err
		}
		out, failed, err := b.run(ctx)
		if err != nil {
			return nil, err
		}
		if len(failed) == 0 {
			o.results = results(out)
			break
		}
		for _, id := range failed {
			o.crashed[id] = true
			delete(programs, id)
		}
	}
	var err error
	o.versions, err = versions(ctx, b.dir)
	return o, err
}

// path says where a package of a program is.
func path(p *Program) func(pkg string) string {
	return func(pkg string) string {
		cluster := fmt.Sprintf("m/c%d/", p.ID/clusterSize)
		if pkg == top || p.Private && layer[pkg] == layer[left] {
			return fmt.Sprint(cluster, pkg, p.ID)
		}
		return cluster + pkg
	}
}

// write makes the directory hold just these programs. What is the same stays as it is.
func (b batch) write(programs map[int]*Program) error {
	files := map[string]string{
		"go.mod": "module m\n\ngo 1.26\n\nrequire github.com/cachegen/cachegen v0.0.0\n\nreplace github.com/cachegen/cachegen => ./cachegen\n",
		"run/go.mod": "module run\n\ngo 1.26\n\nrequire (\n\tm v0.0.0\n\tgithub.com/cachegen/cachegen v0.0.0 // indirect\n)\n\n" +
			"replace (\n\tm => ../\n\tgithub.com/cachegen/cachegen => ../cachegen\n)\n",
	}
	for name, text := range standin.Files() {
		files["cachegen/"+name] = text
	}
	runner := map[string][]string{} // calls by cluster
	for _, id := range slices.Sorted(maps.Keys(programs)) {
		p := programs[id]
		where := path(p)
		cluster := fmt.Sprint("c", id/clusterSize)
		add := func(pkg, name, text string) {
			files[strings.TrimPrefix(where(pkg), "m/")+"/"+name] = text
			if pkg == top {
				text = strings.Replace(text, "package main\n", "package "+cluster+"\n", 1)
				text = strings.Replace(text, "\nfunc main() {", fmt.Sprintf("\nfunc Main%d() {", id), 1)
				files["run/"+cluster+"/"+name] = text
			}
		}
		for _, name := range p.names() {
			if len(p.Files[name]) > 0 {
				add(name.Package, fmt.Sprintf("p%d_%d.go", id, name.Number), p.text(name, where))
			}
		}
		for _, name := range slices.Sorted(maps.Keys(p.Data)) {
			pkg, file, _ := strings.Cut(name, "/")
			add(pkg, file, p.Data[name])
		}
		add(top, fmt.Sprintf("p%d_main.go", id), p.main(where))
		runner[cluster] = append(runner[cluster], fmt.Sprintf("%s.Main%d()", cluster, id))
	}
	var imports, calls []string
	for _, cluster := range slices.Sorted(maps.Keys(runner)) {
		imports = append(imports, "import "+quoted("run/"+cluster))
		calls = append(calls, runner[cluster]...)
	}
	files["run/main.go"] = "package main\n\n" + strings.Join(imports, "\n") + "\n\nfunc main() {\n" + strings.Join(calls, "\n") + "\n}\n"
	return replace(b.dir, files)
}

// replace makes a directory hold just the files.
func replace(dir string, files map[string]string) error {
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if name, err := filepath.Rel(dir, path); err != nil || files[filepath.ToSlash(name)] == "" {
			return errors.Join(err, os.Remove(path))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if old, err := os.ReadFile(file); err == nil && string(old) == text {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// mentioned is a program's file in a message of the compiler or in a stack.
var mentioned = regexp.MustCompile(`/p(\d+)_\w+\.go`)

// run builds and runs the programs in one process, and returns what they print, or the programs that keep it from that.
func (b batch) run(ctx context.Context) (out []byte, failed []int, err error) {
	binary := filepath.Join(b.dir, "run", "programs.exe")
	defer os.Remove(binary)
	build := exec.CommandContext(ctx, "go", "build", "-gcflags=-N -l -e", "-ldflags=-s -w", "-o", binary, ".")
	build.Dir = filepath.Join(b.dir, "run")
	build.Env = append(os.Environ(), "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		failed = programsIn(out)
		if len(failed) == 0 {
			return nil, nil, fmt.Errorf("%w: %s", err, out)
		}
		return nil, failed, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var stdout, stderr bytes.Buffer
	run := exec.CommandContext(ctx, binary)
	run.Stdout, run.Stderr = &stdout, &stderr
	run.Cancel = func() error { return run.Process.Signal(syscall.SIGQUIT) }
	run.WaitDelay = 5 * time.Second
	if err := run.Run(); err != nil {
		// The goroutine that failed comes first.
		first, _, _ := bytes.Cut(stderr.Bytes(), []byte("\n\ngoroutine"))
		if failed = programsIn(first); len(failed) == 0 {
			failed = programsIn(stderr.Bytes())
		}
		if len(failed) == 0 {
			return nil, nil, fmt.Errorf("%w: %s", err, stderr.Bytes())
		}
		return nil, failed, nil
	}
	return stdout.Bytes(), nil, nil
}

func programsIn(text []byte) []int {
	ids := map[int]bool{}
	for _, m := range mentioned.FindAllSubmatch(text, -1) {
		id, _ := strconv.Atoi(string(m[1]))
		ids[id] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// results are the lines that programs printed, by what was called.
func results(out []byte) map[string]string {
	lines := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if fields := strings.SplitN(line, " ", 3); len(fields) == 3 {
			lines[fields[1]] += fields[2]
		}
	}
	return lines
}

var rootName = regexp.MustCompile(`\d+_\d+`)

// versions explains the versions of the cached functions in a directory, by what their name ends in.
func versions(ctx context.Context, dir string) (map[string]*generator.Explanation, error) {
	result, err := generator.Run(ctx, generator.Config{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		return nil, err
	}
	found := map[string]*generator.Explanation{}
	for _, f := range result.Functions {
		if x := result.Explain(f.Name); x != nil {
			found[rootName.FindString(f.Name[strings.LastIndexByte(f.Name, '/')+1:])] = x
		}
	}
	return found, nil
}
