package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// run is what one run of the example came to.
type run struct {
	title string
	took  time.Duration
	// computed and reused are counts by function.
	computed, reused map[string]int
}

var counted = regexp.MustCompile(`(?m)^(\w+): (?:(\d+) computed)?(?:, )?(?:(\d+) reused)?`)

// runOf reads what the example printed.
func runOf(title string, took time.Duration, printed string) run {
	r := run{title, took, map[string]int{}, map[string]int{}}
	for _, m := range counted.FindAllStringSubmatch(printed, -1) {
		r.computed[m[1]], _ = strconv.Atoi(m[2])
		r.reused[m[1]], _ = strconv.Atoi(m[3])
	}
	return r
}

// picture draws runs: a bar for what was computed, nothing for what was reused.
func picture(runs []run) string {
	const column = 24
	var b strings.Builder
	fmt.Fprintf(&b, "%-22s%-*s%-*stime\n", "", column, "measure", column, "words")
	for _, r := range runs {
		fmt.Fprintf(&b, "%-22s%s%s%s\n", r.title, r.cell("measure", column), r.cell("words", column), seconds(r.took))
	}
	return b.String()
}

// cell says what became of a function's results: of most of them, for a busy machine may not have
// read some in time.
func (r run) cell(function string, width int) string {
	computed, n := r.computed[function], r.computed[function]+r.reused[function]
	full := 0
	if n > 0 {
		full = (8*computed + n/2) / n
	}
	what := "reused"
	if r.computes(function) {
		what = "computed"
	}
	text := strings.Repeat("█", full) + strings.Repeat("░", 8-full) + " " + what
	return text + strings.Repeat(" ", width-len([]rune(text)))
}

// computes reports whether most results of a function were computed.
func (r run) computes(function string) bool { return r.computed[function] > r.reused[function] }

// seconds rounds a time as people say it.
func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}
