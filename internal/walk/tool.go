package walk

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// tools are the commands that users add to their modules, by the directory of their module.
var tools = map[string]string{
	".":        "github.com/cachegen/cachegen/cmd/cachegen",
	"cmd/full": "github.com/cachegen/cachegen/cmd/full/cachegen",
}

// goCommand returns a directory with a go command that does what go get -tool does for tools
// without a network: it requires their module from where it is, with all that that requires.
func goCommand(tb testing.TB) string {
	tb.Helper()
	real, err := exec.LookPath("go")
	if err != nil {
		tb.Fatal(err)
	}
	var script strings.Builder
	script.WriteString("#!/bin/sh\n")
	for dir, tool := range tools {
		dir = filepath.Join(Repository(tb), dir)
		fmt.Fprintf(&script, "if [ \"$*\" = 'get -tool %s' ]; then\n\tcat '%s/go.sum' >> go.sum\n\texec '%s' mod edit '-tool=%s' %s\nfi\n",
			tool, dir, real, tool, strings.Join(requirements(tb, dir), " "))
	}
	fmt.Fprintf(&script, "exec '%s' \"$@\"\n", real)
	bin := tb.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script.String()), 0o755); err != nil {
		tb.Fatal(err)
	}
	return bin
}

// requirements returns the flags of go mod edit that require the module in a directory.
func requirements(tb testing.TB, dir string) (flags []string) {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		tb.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		tb.Fatal(err)
	}
	flags = append(flags, "'-require="+mod.Module.Mod.Path+"@v0.0.0'", "'-replace="+mod.Module.Mod.Path+"="+dir+"'")
	for _, r := range mod.Require {
		flags = append(flags, "'-require="+r.Mod.String()+"'")
	}
	for _, r := range mod.Replace {
		flags = append(flags, "'-replace="+r.Old.Path+"="+filepath.Join(dir, r.New.Path)+"'")
	}
	return flags
}
