package command

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"go/build"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/cachegen/cachegen/generator/analyzer"
	"github.com/cachegen/cachegen/internal/sources"
)

// isVet reports whether the go command asks what it asks vet tools: what they are, for their flags, or to vet a unit.
func isVet(args []string) bool {
	if len(args) == 1 && (args[0] == "-V=full" || args[0] == "-flags") {
		return true
	}
	return len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

// runVet does what the go command asks of a vet tool.
func runVet(ctx context.Context, c *command, args []string) int {
	if config := args[len(args)-1]; strings.HasSuffix(config, ".cfg") {
		if err := vetUnit(ctx, config); err != nil {
			return c.fail(err)
		}
		return exitOK
	}
	unitchecker.Main(analyzer.Analyzer)
	return exitOK // not reached
}

// vetUnit vets what a file of the go command describes. Units that nobody asked to vet are looked at for the facts of those that import
// them alone: what their code is, for which it need not be understood.
//
// The go command keeps the facts of a unit, and takes a unit whose facts it kept for vetted, even where only facts were asked for. So
// facts are not written of units with findings, nor where those of imports are missing: such units are looked at again each time.
func vetUnit(ctx context.Context, config string) error {
	data, err := os.ReadFile(config)
	if err != nil {
		return err
	}
	var unit unitchecker.Config
	if err := json.Unmarshal(data, &unit); err != nil {
		return fmt.Errorf("%s: %w", config, err)
	}
	switch {
	case !unit.VetxOnly && informed(unit):
		unitchecker.Main(analyzer.Analyzer)
	case !unit.VetxOnly:
		return vetWithoutKeeping(unit)
	case inside(unit.Dir, filepath.Join(build.Default.GOROOT, "src")):
		return os.WriteFile(unit.VetxOutput, nil, 0o644)
	case informed(unit) && (!mentions(unit) || analyzer.Clean(ctx, unit.Dir)):
		return writeFacts(unit)
	}
	return nil
}

// informed reports whether there are facts of all imports.
func informed(unit unitchecker.Config) bool {
	for _, path := range unit.ImportMap {
		if _, ok := unit.PackageVetx[path]; !ok && !unit.Standard[path] && path != "unsafe" && path != "C" {
			return false
		}
	}
	return true
}

// mentions reports whether a unit of the user's has to do with caching.
func mentions(unit unitchecker.Config) bool {
	if inside(unit.Dir, os.Getenv("GOMODCACHE")) || strings.HasSuffix(filepath.ToSlash(unit.Dir), "/vendor/"+unit.ImportPath) {
		return false
	}
	return slices.ContainsFunc(unit.GoFiles, func(name string) bool {
		src, err := os.ReadFile(name)
		return err == nil && analyzer.Mentions(src)
	})
}

// inside reports whether a directory is below another, if there is another.
func inside(dir, parent string) bool {
	rel, err := filepath.Rel(parent, dir)
	return parent != "" && err == nil && filepath.IsLocal(rel)
}

// vetWithoutKeeping vets a unit in such a way that the go command has nothing to keep.
func vetWithoutKeeping(unit unitchecker.Config) error {
	dir := filepath.Dir(unit.VetxOutput)
	unit.VetxOutput = os.DevNull
	config, err := writeUnit(dir, unit)
	if err != nil {
		return err
	}
	os.Args[len(os.Args)-1] = config
	unitchecker.Main(analyzer.Analyzer)
	return nil
}

// writeFacts writes the facts of a unit without a look at its types: it makes those of a package of one constant, which is a digest of
// everything that matters.
func writeFacts(unit unitchecker.Config) error {
	h := sha256.New()
	state, err := sources.Read(unit.Dir)
	if err != nil {
		return err
	}
	fmt.Fprintln(h, state.Digest)
	for _, path := range slices.Sorted(maps.Keys(unit.PackageVetx)) {
		facts, err := os.ReadFile(unit.PackageVetx[path])
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%q %x\n", path, sha256.Sum256(facts))
	}
	dir := filepath.Join(filepath.Dir(unit.VetxOutput), "cachegen")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	unit.GoFiles = []string{filepath.Join(dir, "unit.go")}
	unit.NonGoFiles, unit.IgnoredFiles, unit.ImportMap, unit.PackageVetx = nil, nil, nil, nil
	src := fmt.Sprintf("package unit\n\nconst _ = \"%x\"\n", h.Sum(nil))
	if err := os.WriteFile(unit.GoFiles[0], []byte(src), 0o644); err != nil {
		return err
	}
	config, err := writeUnit(dir, unit)
	if err != nil {
		return err
	}
	unitchecker.Run(config, []*analysis.Analyzer{analyzer.Sources})
	return nil
}

// writeUnit writes the description of a unit for unitchecker to read.
func writeUnit(dir string, unit unitchecker.Config) (string, error) {
	data, err := json.Marshal(unit)
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "unit.cfg")
	return name, os.WriteFile(name, data, 0o644)
}
