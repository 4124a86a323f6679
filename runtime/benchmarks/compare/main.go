// Compare runs the benchmarks of this module ten times, a process each so that noise falls on all of them alike, and prints medians and
// their ratios as a table in Markdown, and bars as SVG images, if there is a folder for them:
//
//	go run ./compare [-bench REGEXP] [-count N] [-benchtime D] [-raw FILE] [-plots FOLDER]
//
// The file of -raw keeps what the benchmarks printed. If it is there already, it is read, and nothing is run.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

func main() {
	bench := flag.String("bench", "Hit|Miss|Million|Stampede", "which benchmarks; HitRatio is none of them, for it needs no second run")
	count := flag.Int("count", 10, "how often")
	benchtime := flag.String("benchtime", "200ms", "for how long each time")
	raw := flag.String("raw", "", "a `file` for what the benchmarks print, or that has it")
	plots := flag.String("plots", "", "a `folder` for images")
	flag.Parse()
	if err := run(os.Stdout, *bench, *count, *benchtime, *raw, *plots); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, bench string, count int, benchtime, raw, plots string) error {
	printed, err := os.ReadFile(raw)
	if raw == "" || errors.Is(err, fs.ErrNotExist) {
		printed, err = measure(bench, count, benchtime)
		if err == nil && raw != "" {
			err = os.WriteFile(raw, printed, 0o644)
		}
	}
	if err != nil {
		return err
	}
	s := samples{}
	s.read(bytes.NewReader(printed))
	s.print(w)
	if plots == "" {
		return nil
	}
	return s.plot(plots)
}

// measure runs the benchmarks, and returns what they print.
func measure(bench string, count int, benchtime string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "benchmarks.test")
	if err := command(os.Stderr, "go", "test", "-c", "-o", binary, "."); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for range count {
		if err := command(&out, binary, "-test.run", "^$", "-test.bench", bench, "-test.skip", "HitRatio", "-test.benchtime", benchtime); err != nil {
			return nil, fmt.Errorf("%w\n%s", err, out.Bytes())
		}
	}
	return out.Bytes(), nil
}

func command(out io.Writer, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = out, os.Stderr
	return c.Run()
}

// samples are the figures by benchmark, by unit, and by what was measured.
type samples map[string]map[string]map[string][]float64

// read takes in the lines that go test prints.
func (s samples) read(r io.Reader) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		name, by, ok := strings.Cut(strings.Join(words[:min(len(words), 1)], ""), "/by=")
		if !ok {
			continue
		}
		by, _, _ = strings.Cut(by, "-")
		for i := 2; i+1 < len(words); i += 2 {
			x, err := strconv.ParseFloat(words[i], 64)
			if err != nil {
				continue
			}
			unit := words[i+1]
			if s[name] == nil {
				s[name] = map[string]map[string][]float64{}
			}
			if s[name][unit] == nil {
				s[name][unit] = map[string][]float64{}
			}
			s[name][unit][by] = append(s[name][unit][by], x)
		}
	}
}

// ours is what all others are compared with.
const ours = "cachegen"

// print writes a row for each benchmark, unit and what was measured: the median, and ours as a share of it.
func (s samples) print(w io.Writer) {
	fmt.Fprintln(w, "| benchmark | by | median | unit | cachegen ÷ it |\n| --- | --- | --- | --- | --- |")
	for _, name := range slices.Sorted(maps.Keys(s)) {
		for _, unit := range slices.Sorted(maps.Keys(s[name])) {
			by := s[name][unit]
			base := median(by[ours])
			rows := slices.SortedFunc(maps.Keys(by), func(x, y string) int { return cmp.Compare(median(by[x]), median(by[y])) })
			for _, who := range rows {
				m := median(by[who])
				ratio := ""
				if base > 0 && m > 0 {
					ratio = strconv.FormatFloat(base/m, 'f', 2, 64)
				}
				fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", strings.TrimPrefix(name, "Benchmark"), who, number(m), unit, ratio)
			}
		}
	}
}

func number(x float64) string {
	if x >= 100 || x == float64(int(x)) {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// median returns the middle of the figures, 0 if there are none.
func median(l []float64) float64 {
	if len(l) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
