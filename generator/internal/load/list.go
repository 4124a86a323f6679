package load

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/packages"

	"github.com/cachegen/cachegen/generator/internal/filecache"
	"github.com/cachegen/cachegen/internal/regular"
)

// metadata is the go command's answer about packages, without their syntax.
type metadata struct {
	packages map[string]*Package
	modules  map[string]*Module
	// goVersion is the toolchain's, moduleCache the directory where nothing ever changes.
	goVersion, moduleCache string
}

func newMetadata(env environment) *metadata {
	return &metadata{
		packages: map[string]*Package{}, modules: map[string]*Module{},
		goVersion: env.goVersion, moduleCache: env.moduleCache,
	}
}

const listMode = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps |
	packages.NeedModule | packages.NeedEmbedFiles | packages.NeedEmbedPatterns

// list asks for the packages that the patterns match, and beside them for all packages of the main
// modules with their dependencies.
func list(ctx context.Context, cfg Config, env environment, cache *filecache.Cache) (*metadata, error) {
	universe, err := env.patterns()
	if err != nil {
		return nil, err
	}
	// Patterns that are directories need no question of their own: the answer about everything
	// holds all that they can match.
	if dirs, ok := directories(cfg); ok && len(universe) > 0 {
		m, err := listAll(ctx, cfg, env, universe, cache)
		if err != nil {
			return nil, err
		}
		if m.markRoots(dirs) {
			return m, nil
		}
	}
	if err := checkSourceFiles(cfg, env); err != nil {
		return nil, err
	}
	m := newMetadata(env)
	var roots, all []*packages.Package
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		roots, err = ask(ctx, cfg, packages.NeedName|packages.NeedFiles, cfg.patterns()...)
		return err
	})
	group.Go(func() (err error) {
		all, err = ask(ctx, cfg, listMode, append(slices.Clone(cfg.patterns()), universe...)...)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	m.add(cfg, all)
	for _, r := range roots {
		if p := m.packages[r.PkgPath]; p != nil {
			p.Root = true
		}
	}
	return m, nil
}

// listAll returns all packages of the main modules with their dependencies, from memory if nothing
// changed that they depend on.
func listAll(ctx context.Context, cfg Config, env environment, universe []string, cache *filecache.Cache) (*metadata, error) {
	kept := canKeep(cfg)
	key := answerKey(cfg, env)
	if kept {
		if m := recall(cache, key, env); m != nil {
			return m, nil
		}
	}
	if err := checkSourceFiles(cfg, env); err != nil {
		return nil, err
	}
	all, err := ask(ctx, cfg, listMode, universe...)
	if err != nil {
		return nil, err
	}
	m := newMetadata(env)
	m.add(cfg, all)
	if kept {
		keepAnswer(cache, key, m, env)
	}
	return m, nil
}

// patterns returns patterns for all packages of the main module or the workspace's modules.
func (e environment) patterns() ([]string, error) {
	if d := os.Getenv("GOPACKAGESDRIVER"); d != "" && d != "off" {
		return nil, nil // another build system need not know modules
	}
	if e.goWork != "" && e.goWork != "off" {
		return workspacePatterns(e.goWork)
	}
	if e.goMod == "" || e.goMod == os.DevNull {
		return nil, errors.New("go.mod file not found in current directory or any parent directory; see 'go help modules'")
	}
	pattern, err := modulePattern(e.goMod)
	if err != nil {
		return nil, err
	}
	return []string{pattern}, nil
}

func workspacePatterns(gowork string) ([]string, error) {
	data, err := regular.ReadFile(gowork)
	if err != nil {
		return nil, err
	}
	work, err := modfile.ParseWork(gowork, data, nil)
	if err != nil {
		return nil, err
	}
	var patterns []string
	for _, use := range work.Use {
		pattern, err := modulePattern(filepath.Join(relativeTo(gowork, use.Path), "go.mod"))
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, pattern)
	}
	return patterns, nil
}

func modulePattern(gomod string) (string, error) {
	data, err := regular.ReadFile(gomod)
	if err != nil {
		return "", err
	}
	path := modfile.ModulePath(data)
	if path == "" {
		return "", fmt.Errorf("%s: no module directive", gomod)
	}
	return path + "/...", nil
}

// add converts packages and all that they import.
func (m *metadata) add(cfg Config, all []*packages.Package) {
	for lp := range packages.Postorder(all) {
		if m.packages[lp.PkgPath] != nil {
			continue
		}
		p := &Package{
			Path:          lp.PkgPath,
			Name:          lp.Name,
			Dir:           packageDir(lp),
			Module:        m.module(lp.Module),
			Standard:      lp.Module == nil && isStandard(lp.PkgPath),
			GoFiles:       lp.GoFiles,
			OtherFiles:    lp.OtherFiles,
			IgnoredFiles:  lp.IgnoredFiles,
			EmbedFiles:    lp.EmbedFiles,
			EmbedPatterns: lp.EmbedPatterns,
			Imports:       make(map[string]*Package, len(lp.Imports)),
		}
		for path, imported := range lp.Imports {
			if q := m.packages[imported.PkgPath]; q != nil {
				p.Imports[path] = q
			}
		}
		for _, e := range lp.Errors {
			p.Errors = append(p.Errors, Error{Pos: cfg.absolute(parsePosition(e.Pos)), Msg: e.Msg})
		}
		m.packages[p.Path] = p
	}
	m.findVendored()
}

func (m *metadata) module(lm *packages.Module) *Module {
	if lm == nil {
		return nil
	}
	if known := m.modules[lm.Path]; known != nil {
		return known
	}
	module := convertModule(lm)
	m.modules[lm.Path] = module
	return module
}

func convertModule(lm *packages.Module) *Module {
	module := &Module{Path: lm.Path, Version: lm.Version, Dir: lm.Dir, GoVersion: lm.GoVersion, Main: lm.Main, Local: lm.Main}
	if lm.Replace != nil {
		module.Replace = convertModule(lm.Replace)
		module.Dir = module.Replace.Dir
		module.GoVersion = module.Replace.GoVersion
		// A replacement without a version is a directory.
		module.Local = module.Local || module.Replace.Version == ""
	}
	return module
}

// findVendored marks the modules whose packages the go command reads from a vendor directory of a
// main module or workspace.
func (m *metadata) findVendored() {
	for _, p := range m.packages {
		if p.Module == nil || p.Module.Main || p.Dir == "" {
			continue
		}
		if strings.HasSuffix(filepath.ToSlash(p.Dir), "/vendor/"+p.Path) {
			p.Module.Vendored = true
			p.Module.Local = false
		}
	}
}

func packageDir(lp *packages.Package) string {
	if lp.Dir != "" {
		return lp.Dir
	}
	for _, f := range slices.Concat(lp.GoFiles, lp.IgnoredFiles, lp.OtherFiles) {
		return filepath.Dir(f)
	}
	return ""
}

// isStandard reports whether a package without a module belongs to the standard library, as the go
// command tells: by the missing dot in the first element.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// parsePosition reads "file:line:col", as go/packages reports positions.
func parsePosition(s string) token.Position {
	if s == "" || s == "-" {
		return token.Position{}
	}
	var numbers []int
	for len(numbers) < 2 {
		i := strings.LastIndexByte(s, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(s[i+1:])
		if err != nil {
			break
		}
		numbers = append(numbers, n)
		s = s[:i]
	}
	pos := token.Position{Filename: s}
	switch len(numbers) {
	case 1:
		pos.Line = numbers[0]
	case 2:
		pos.Line, pos.Column = numbers[1], numbers[0]
	}
	return pos
}

// absolute is a position in a file that the go command names relative to where it was called.
func (cfg Config) absolute(pos token.Position) token.Position {
	if pos.Filename == "" || filepath.IsAbs(pos.Filename) {
		return pos
	}
	if name, err := filepath.Abs(filepath.Join(cfg.Dir, pos.Filename)); err == nil {
		pos.Filename = name
	}
	return pos
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
