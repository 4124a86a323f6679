//go:build linux

// Generation makes modules of so many lines, with so many cached functions in them, and prints what cachegen takes for each: the first time,
// when nothing was edited, and after an edit of a function's body that all packages import.
//
//	go run ./generation [-lines 10000,100000] [-functions 1,100]
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	lines := flag.String("lines", "10000,100000", "how many lines, about")
	functions := flag.String("functions", "1,100", "how many cached functions")
	flag.Parse()
	if err := run(numbers(*lines), numbers(*functions)); err != nil {
		fmt.Fprintln(os.Stderr, "generation:", err)
		os.Exit(1)
	}
}

func numbers(list string) (l []int) {
	for text := range strings.SplitSeq(list, ",") {
		if n, err := strconv.Atoi(text); err == nil {
			l = append(l, n)
		}
	}
	return l
}

func run(lines, functions []int) error {
	dir, err := os.MkdirTemp("", "generation")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cachegen/cachegen").Output()
	if err != nil {
		return err
	}
	m := module{root: strings.TrimSpace(string(root)), command: filepath.Join(dir, "cachegen")}
	if _, err := m.do(m.root, "go", "build", "-o", m.command, "./cmd/cachegen"); err != nil {
		return err
	}
	fmt.Println("| lines | functions | first run | nothing edited | a body edited | go list -deps ./... |\n| --- | --- | --- | --- | --- | --- |")
	for _, l := range lines {
		for _, f := range functions {
			m.dir = filepath.Join(dir, fmt.Sprintf("m%d-%d", l, f))
			if err := m.measure(l, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// module is one that is made here.
type module struct{ root, command, dir string }

func (m *module) measure(lines, functions int) error {
	if err := m.write(lines, functions); err != nil {
		return err
	}
	os.Setenv("XDG_CACHE_HOME", m.dir+"-cache") // what cachegen keeps of other modules, it keeps there
	defer os.RemoveAll(m.dir + "-cache")
	generate := func() (string, error) { return m.do(m.dir, m.command, "./...") }
	var first, same, edited, list string
	for _, step := range []struct {
		took *string
		do   func() (string, error)
	}{
		{&first, generate},
		{&same, generate}, // which reads what the first run wrote
		{&same, generate},
		{&edited, func() (string, error) {
			if err := m.base(2); err != nil {
				return "", err
			}
			return generate()
		}},
		{&list, func() (string, error) { return m.do(m.dir, "go", "list", "-deps", "./...") }},
	} {
		var err error
		if *step.took, err = step.do(); err != nil {
			return err
		}
	}
	fmt.Printf("| %d | %d | %s | %s | %s | %s |\n", lines, functions, first, same, edited, list)
	return nil
}

// do runs a command, and says what it took: processor time, and the most memory.
func (m *module) do(dir, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Dir, c.Stderr = dir, os.Stderr
	c.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOCACHE="+goCache())
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	took := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	memory := ""
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		memory = fmt.Sprintf(", %d MiB", u.Maxrss>>10)
	}
	return took.Round(10*time.Millisecond).String() + memory, nil
}

// goCache is where the go command keeps what it built: it is to be the same wherever the user's cache is.
func goCache() string {
	out, _ := exec.Command("go", "env", "GOCACHE").Output()
	return strings.TrimSpace(string(out))
}

// perPackage is how many lines a package has, and perFunction those of a function that is not cached.
const perPackage, perFunction = 1000, 8

// write writes packages of ordinary code that import one another in a chain and a package base, and cached functions spread over them.
func (m *module) write(lines, functions int) error {
	sum, err := os.ReadFile(filepath.Join(m.root, "go.sum"))
	if err != nil {
		return err
	}
	mod := "module example.com/m\n\ngo 1.26\n\nrequire github.com/cachegen/cachegen v0.0.0\n\nreplace github.com/cachegen/cachegen => " + m.root + "\n"
	if err := m.file("go.mod", mod); err != nil {
		return err
	}
	if err := m.file("go.sum", string(sum)); err != nil {
		return err
	}
	if err := m.base(1); err != nil {
		return err
	}
	packages := max(lines/perPackage, 1)
	for p := range packages {
		if err := m.file(fmt.Sprintf("p%d/p.go", p), source(p, functions/packages+btoi(p < functions%packages))); err != nil {
			return err
		}
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// base writes the package that all others import.
func (m *module) base(by int) error {
	return m.file("base/base.go", fmt.Sprintf("package base\n\n// Scale scales n.\nfunc Scale(n int) int { return n * %d }\n", by))
}

func (m *module) file(name, text string) error {
	path := filepath.Join(m.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// source is a package's only file.
func source(p, functions int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package p%d\n\nimport (\n\t\"example.com/m/base\"\n", p)
	if p > 0 {
		fmt.Fprintf(&b, "\t\"example.com/m/p%d\"\n", p-1)
	}
	b.WriteString(")\n")
	n := perPackage / perFunction
	for i := range n {
		below := fmt.Sprintf("base.Scale(n + %d)", i)
		if p > 0 && i == 0 {
			below = fmt.Sprintf("p%d.F%d(n)", p-1, n-1)
		}
		fmt.Fprintf(&b, "\n// F%d adds up.\nfunc F%[1]d(n int) int {\n\tsum := 0\n\tfor i := range n {\n\t\tsum += i * %[2]s\n\t}\n\treturn sum\n}\n", i, below)
	}
	for i := range functions {
		fmt.Fprintf(&b, "\n// R%d is a result.\ntype R%[1]d struct{ City string; Sum int }\n\n//cache:auto\nfunc G%[1]d(city string, n int) R%[1]d { return R%[1]d{city, F%[2]d(n)} }\n", i, i%n)
	}
	return b.String()
}
