// Weight builds small programs that cache one function, each with another library and as its documentation says, and prints what that adds
// to a program that caches nothing:
//
//	go run ./weight
package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// programs are the folders below weight/programs, the one that caches nothing first.
var programs = []string{"nothing", "cachegen", "otter", "sturdyc", "ristretto", "redis"}

// Runs is how often each program is started, and linked. The programs take turns.
const (
	starts = 40
	links  = 5
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "weight:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "weight")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	os.Setenv("CACHEGEN_DIR", filepath.Join(dir, "cache"))
	all := make([]weight, len(programs))
	for i, name := range programs {
		if all[i], err = weigh(dir, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for range links {
		for i := range all {
			if err := all[i].link(dir); err != nil {
				return err
			}
		}
	}
	for range starts {
		for i := range all {
			if err := all[i].start(dir); err != nil {
				return err
			}
		}
	}
	fmt.Println("| | bytes | without symbols | modules | packages | start to end, processor time | linking, processor time |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- |")
	for _, w := range all {
		fmt.Printf("| %s | %.1f MB | %.1f MB | %d | %d | %.1f ms | %.1f s |\n", w.name, megabytes(w.bytes), megabytes(w.stripped), w.modules, w.packages,
			float64(median(w.started).Microseconds())/1000, median(w.linked).Seconds())
	}
	return nil
}

// weight is what there is to say of a program.
type weight struct {
	name              string
	bytes, stripped   int64
	modules, packages int
	started, linked   []time.Duration
}

func weigh(dir, name string) (w weight, err error) {
	w.name = name
	if w.stripped, err = w.build(dir, "-ldflags=-s -w"); err != nil {
		return w, err
	}
	if w.bytes, err = w.build(dir, "-ldflags="); err != nil {
		return w, err
	}
	info, err := buildinfo.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return w, err
	}
	list, err := exec.Command("go", "list", "-deps", w.path()).Output()
	w.modules, w.packages = len(info.Deps), bytes.Count(list, []byte("\n"))
	return w, err
}

func (w *weight) path() string { return "./weight/programs/" + w.name }

// build builds the program, and returns how large it is.
func (w *weight) build(dir, flags string) (int64, error) {
	file := filepath.Join(dir, w.name)
	if _, err := processor(exec.Command("go", "build", flags, "-o", file, w.path())); err != nil {
		return 0, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// link links the program anew: a name that no program has is set to something that it never was.
func (w *weight) link(dir string) error {
	flags := fmt.Sprintf("-ldflags=-X main.never=%d", time.Now().UnixNano())
	took, err := processor(exec.Command("go", "build", flags, "-o", filepath.Join(dir, w.name), w.path()))
	w.linked = append(w.linked, took)
	return err
}

func (w *weight) start(dir string) error {
	took, err := processor(exec.Command(filepath.Join(dir, w.name)))
	w.started = append(w.started, took)
	return err
}

// processor runs a command and returns the processor time that it and its children took.
func processor(c *exec.Cmd) (time.Duration, error) {
	c.Stderr = os.Stderr
	err := c.Run()
	if err != nil {
		return 0, err
	}
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime(), nil
}

func median(l []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(l))[len(l)/2]
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }
