package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"golang.org/x/sync/errgroup"
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	start := time.Now()
	err := census(os.Stdout, flag.Arg(0))
	// What was computed last may still be on its way to the disk.
	if err := cache.Close(context.Background()); err != nil {
		log.Print(err)
	}
	if err != nil {
		log.Fatal(err)
	}
	summary(os.Stdout, time.Since(start))
}

// census measures all packages below dir and prints what it found.
func census(w io.Writer, dir string) error {
	if dir == "" {
		root, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			return err
		}
		dir = filepath.Join(strings.TrimSpace(string(root)), "src")
	}
	packages, err := sources(dir)
	if err != nil {
		return err
	}
	measures := make([]Measure, len(packages))
	counts := make([]map[string]int, len(packages))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, files := range packages {
		group.Go(func() (err error) {
			if measures[i], err = cachedMeasure(files); err != nil {
				return err
			}
			counts[i], err = cachedWords(files)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	printMeasures(w, measures)
	printWords(w, counts)
	return nil
}

// sources returns the Go files below dir by directory, without test data, which need not parse, and
// without the toolchain's commands, which would take as long again.
func sources(dir string) ([][]cache.File, error) {
	byDir := map[string][]cache.File{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || path == filepath.Join(dir, "cmd")):
			return fs.SkipDir
		case d.Type().IsRegular() && strings.HasSuffix(path, ".go"):
			byDir[filepath.Dir(path)] = append(byDir[filepath.Dir(path)], cache.File(path))
		}
		return nil
	})
	var packages [][]cache.File
	for _, name := range slices.Sorted(maps.Keys(byDir)) {
		packages = append(packages, byDir[name])
	}
	return packages, err
}

func printMeasures(w io.Writer, measures []Measure) {
	var total Measure
	for _, m := range measures {
		total.Files += m.Files
		total.Functions += m.Functions
		total.Lines += m.Lines
		total.Hardest = append(total.Hardest, m.Hardest...)
	}
	fmt.Fprintf(w, "%d packages, %d files, %d functions, %d lines\n", len(measures), total.Files, total.Functions, total.Lines)
	fmt.Fprint(w, "hardest functions:")
	for _, f := range hardest(total.Hardest) {
		fmt.Fprintf(w, " %s (%d)", f.Name, f.Complexity)
	}
	fmt.Fprintln(w)
}

func printWords(w io.Writer, counts []map[string]int) {
	total := map[string]int{}
	for _, c := range counts {
		for word, n := range c {
			total[word] += n
		}
	}
	sorted := slices.SortedFunc(maps.Keys(total), func(a, b string) int {
		return cmp.Or(cmp.Compare(total[b], total[a]), cmp.Compare(a, b))
	})
	fmt.Fprint(w, "commonest words:")
	for _, word := range sorted[:min(5, len(sorted))] {
		fmt.Fprintf(w, " %s (%d)", word, total[word])
	}
	fmt.Fprintln(w)
}

// summary says what the caches did.
func summary(w io.Writer, took time.Duration) {
	for _, f := range cache.Functions() {
		var did []string
		if n := f.Stats.Misses; n > 0 {
			did = append(did, fmt.Sprintf("%d computed", n))
		}
		if n := f.Stats.Hits; n > 0 {
			did = append(did, fmt.Sprintf("%d reused, which once took %s", n, f.Stats.Saved.Round(time.Millisecond)))
		}
		fmt.Fprintf(w, "%s: %s\n", f.Name[strings.LastIndexByte(f.Name, '.')+1:], strings.Join(did, ", "))
	}
	fmt.Fprintf(w, "took %s\n", took.Round(time.Millisecond))
}
