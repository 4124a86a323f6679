package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const printed = `goos: linux
BenchmarkHit/by=cachegen-2   100   50.0 ns/op   40.0 cpu-ns/op
BenchmarkHit/by=otter-2      100   90.0 ns/op   80.0 cpu-ns/op
BenchmarkHit/by=cachegen-2   100   70.0 ns/op   60.0 cpu-ns/op
BenchmarkAlone/by=other-2    100   70.0 ns/op   60.0 cpu-ns/op
`

// TestCompare reads what benchmarks printed, and writes a table and images of it.
func TestCompare(t *testing.T) {
	raw, plots := filepath.Join(t.TempDir(), "raw"), filepath.Join(t.TempDir(), "plots")
	if err := os.WriteFile(raw, []byte(printed), 0o644); err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := run(&table, "none", 1, "1x", raw, plots); err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{"| Hit | cachegen | 50 | cpu-ns/op | 1.00 |", "| Hit | otter | 80 | cpu-ns/op | 0.62 |"} {
		if !strings.Contains(table.String(), row) {
			t.Errorf("%s\nhas no row %s", &table, row)
		}
	}
	files, err := filepath.Glob(filepath.Join(plots, "*"))
	if err != nil || len(files) != 1 || filepath.Base(files[0]) != "hit-cpu.svg" {
		t.Fatalf("%q, %v, want hit-cpu.svg alone: nothing is compared elsewhere", files, err)
	}
	f, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	bars := 0
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "rect" {
			bars++
		}
	}
	if bars != 3 {
		t.Errorf("%d rectangles, want the ground and two bars", bars)
	}
}
