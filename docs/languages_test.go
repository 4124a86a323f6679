package docs_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestBlocks sees that each block says what it is. What is neither compiled nor run is text: what a
// program prints, a table, a tree.
func TestBlocks(t *testing.T) {
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			switch b.lang {
			case "go", "console", "text", "mermaid", "diff": // the first two have tests of their own
			case "json":
				if !json.Valid([]byte(strings.ReplaceAll(b.text, "…", ""))) {
					t.Errorf("%s:%d: no JSON", p.name, b.line)
				}
			case "sh":
				cmd := exec.Command("bash", "-n")
				cmd.Stdin = strings.NewReader(b.text)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s:%d: %s", p.name, b.line, out)
				}
			default:
				t.Errorf("%s:%d: a block of %q is neither compiled nor run", p.name, b.line, b.lang)
			}
			for line := range strings.Lines(b.text) {
				if args, ok := commandLine(line); ok && b.lang != "go" {
					checkCommand(t, p, b, args)
				}
			}
		}
	}
}

// commandLine returns the arguments of a line that calls the command.
func commandLine(line string) ([]string, bool) {
	line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
	for _, name := range []string{"go tool cachegen ", "cachegen "} {
		if args, ok := strings.CutPrefix(line, name); ok {
			return strings.Fields(args), true
		}
	}
	return nil, false
}

// checkCommand sees that a command that a page shows exists.
func checkCommand(t *testing.T, p page, b block, args []string) {
	t.Helper()
	known := []string{"init", "check", "list", "why", "log", "diff", "accept", "cache", "completion", "help", "env", "version"}
	if w := args[0]; !slices.Contains(known, w) && !strings.ContainsAny(w, "./[") {
		t.Errorf("%s:%d: there is no command %s", p.name, b.line, w)
	}
}
