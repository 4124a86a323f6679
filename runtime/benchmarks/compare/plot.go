package main

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// plotted are the units that plots show, with what they are called there.
var plotted = map[string]string{
	"cpu-ns/op": "ns of processor time",
	"B/entry":   "bytes of heap an entry",
	"cpu-µs/GC": "µs of processor time a collection of garbage",
}

// plot writes a file for each benchmark and unit that has a figure of ours and another.
func (s samples) plot(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		for unit, title := range plotted {
			by := s[name][unit]
			if len(by) < 2 || by[ours] == nil {
				continue
			}
			short := strings.TrimPrefix(name, "Benchmark")
			if err := plotFile(filepath.Join(folder, fileName(short, unit)), short+": "+title, by); err != nil {
				return err
			}
		}
	}
	return nil
}

// fileName returns hit-cpu.svg for Hit and cpu-ns/op.
func fileName(name, unit string) string {
	kind := map[string]string{"cpu-ns/op": "cpu", "B/entry": "bytes", "cpu-µs/GC": "gc"}[unit]
	return strings.ToLower(strings.NewReplacer("/", "-", "=", "").Replace(name)) + "-" + kind + ".svg"
}

func plotFile(path, title string, by map[string][]float64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	plotBars(f, title, by)
	return f.Close()
}

// The measures of a plot, in pixels.
const (
	rowHeight  = 22
	labelWidth = 110
	barWidth   = 420
	plotWidth  = labelWidth + barWidth + 90
	headHeight = 34
)

// plotBars writes an SVG image: a bar for each of those who were measured, the least first, with its figure.
func plotBars(w io.Writer, title string, by map[string][]float64) {
	names := slices.SortedFunc(maps.Keys(by), func(x, y string) int {
		return cmp.Or(cmp.Compare(median(by[x]), median(by[y])), cmp.Compare(x, y))
	})
	most := median(by[names[len(names)-1]])
	height := headHeight + rowHeight*len(names) + 8
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" font-family="sans-serif" font-size="13">
<rect width="100%%" height="100%%" fill="#fff"/>
<text x="8" y="20" font-weight="bold">%s</text>
`, plotWidth, height, html.EscapeString(title))
	for i, name := range names {
		m, y, fill := median(by[name]), headHeight+rowHeight*i, "#9aa5b1"
		if name == ours {
			fill = "#2f6fb0"
		}
		width := 1.0
		if most > 0 {
			width = max(width, m/most*barWidth)
		}
		fmt.Fprintf(w, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", labelWidth-8, y+15, html.EscapeString(name))
		fmt.Fprintf(w, "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" fill=\"%s\"/>", labelWidth, y+3, width, rowHeight-6, fill)
		fmt.Fprintf(w, "<text x=\"%.0f\" y=\"%d\">%s</text>\n", labelWidth+width+6, y+15, number(m))
	}
	fmt.Fprintln(w, "</svg>")
}
