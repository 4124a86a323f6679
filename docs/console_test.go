package docs_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/internal/walk"
)

// TestConsole follows each page that has blocks of console: it writes the files that blocks with a
// name hold, runs the commands in the order of the page, and compares what they print. "…" in what
// is printed stands for anything. A command may fail, if that is what the page shows.
func TestConsole(t *testing.T) {
	n := 0
	for _, p := range pages(t) {
		if !hasConsole(p) {
			continue
		}
		n++
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			w := walk.New(t)
			for _, b := range p.blocks {
				switch {
				case b.lang == "console":
					for command, shown := range walk.Commands(b.text) {
						if out, err := w.Run(command); !matches(shown, strings.TrimSpace(out)) {
							t.Errorf("line %d: %s: %v\nprinted\n%s\nand the page has\n%s", b.line, command, err, out, shown)
						}
					}
				case b.arg != "":
					w.Write(t, b.arg, b.text)
				}
			}
		})
	}
	if n == 0 {
		t.Error("no page has a block of console")
	}
}

func hasConsole(p page) bool {
	return slices.ContainsFunc(p.blocks, func(b block) bool { return b.lang == "console" })
}

// matches reports whether a text is what is shown, where "…" stands for anything.
func matches(shown, text string) bool {
	parts := strings.Split(shown, "…")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile(`(?s)^` + strings.Join(parts, ".*") + `$`).MatchString(text)
}
