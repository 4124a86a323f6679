package load

import (
	"bytes"
	"context"
	"errors"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/cachegen/cachegen/generator/internal/filecache"
	"github.com/cachegen/cachegen/generator/internal/naming"
	"github.com/cachegen/cachegen/internal/regular"
)

// Listing is which packages there are, with the content of the user's: enough to tell what has to
// be looked at again.
type Listing struct {
	Packages map[string]*Package
	// Local are the user's own packages, each after those it imports.
	Local []*Package
	// Roots are the packages that the patterns match, by path.
	Roots []*Package

	cfg      Config
	metadata *metadata
	cache    *filecache.Cache
	keys     keyring
}

// List finds the packages that cfg asks for, and beside them what [Load] does, and reads the files
// of the user's own. The cache may be nil.
func List(ctx context.Context, cfg Config, cache *filecache.Cache) (*Listing, error) {
	if err := cfg.files(); err != nil {
		return nil, err
	}
	if err := checkModuleFiles(cfg.Dir); err != nil {
		return nil, err
	}
	env, err := goEnv(ctx, cfg)
	if err != nil {
		return nil, err
	}
	flags := parseGoFlags(env.goFlags)
	cfg.goFlags, cfg.modFile = flags.forPlatform(), flags.value("modfile")
	if cfg.Tags = tagsIn(cfg.Tags...); len(cfg.Tags) == 0 {
		cfg.Tags = tagsIn(flags.value("tags"))
	}
	if cfg.replaced, err = flags.overlay(cfg.Dir); err != nil {
		return nil, err
	}
	m, err := list(ctx, cfg, env, cache)
	if err != nil {
		return nil, err
	}
	l := &Listing{Packages: m.packages, cfg: cfg, metadata: m, cache: cache}
	l.keys = newKeyring(l)
	markRuntime(l.Packages[naming.ImplPath])
	for _, path := range slices.Sorted(maps.Keys(l.Packages)) {
		if p := l.Packages[path]; p.Root {
			l.Roots = append(l.Roots, p)
		}
	}
	if len(l.Roots) == 0 {
		return nil, errors.New("no packages match " + strings.Join(cfg.patterns(), " "))
	}
	l.readLocal()
	if err := l.needRuntime(ctx); err != nil {
		return nil, err
	}
	for _, p := range l.Packages {
		p.listErrors = len(p.Errors)
	}
	for _, p := range order(sortedPackages(l.Packages)) {
		if p.Local() {
			l.Local = append(l.Local, p)
		}
	}
	return l, nil
}

// Tags are the build tags that decided which files there are, sorted, with commas between them.
func (l *Listing) Tags() string { return strings.Join(l.cfg.Tags, ",") }

// tagsIn are the build tags in lists of them, sorted.
func tagsIn(lists ...string) []string {
	tags := strings.FieldsFunc(strings.Join(lists, ","), func(r rune) bool { return r == ',' || r == ' ' })
	slices.Sort(tags)
	return slices.Compact(tags)
}

// markRuntime marks the package that generated code calls, and what it imports of its module, as
// the cache's own.
func markRuntime(impl *Package) {
	if impl == nil || impl.runtime {
		return
	}
	impl.runtime = true
	for _, p := range impl.Imports {
		if p.Module != nil && impl.Module != nil && p.Module.Path == impl.Module.Path {
			markRuntime(p)
		}
	}
}

func sortedPackages(m map[string]*Package) []*Package {
	var sorted []*Package
	for _, path := range sortedKeys(m) {
		sorted = append(sorted, m[path])
	}
	return sorted
}

// readLocal reads the files of the user's own packages, tells apart what we generated, and digests
// what others see of them.
func (l *Listing) readLocal() {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, p := range l.Packages {
		if !p.Local() {
			continue
		}
		group.Go(func() error {
			l.readPackage(p)
			return nil
		})
	}
	_ = group.Wait() // errors are the packages'
}

func (l *Listing) readPackage(p *Package) {
	p.contents = map[string][]byte{}
	files := p.GoFiles[:0:0]
	for _, name := range p.GoFiles {
		src, err := l.read(name)
		if err != nil {
			p.Errors = append(p.Errors, Error{Msg: err.Error()})
			continue
		}
		if isOwn(name, src) {
			p.Generated = append(p.Generated, name)
			continue
		}
		files = append(files, name)
		p.contents[name] = src
	}
	p.GoFiles = files
	l.dropGenerated(p)
	p.TestGoFiles, _ = filepath.Glob(filepath.Join(globEscape(p.Dir), "*_test.go"))
	p.Included = included(p)
	l.digest(p)
}

// dropGenerated drops generated files from the files that the platform leaves out. They are for
// another platform, which generates them.
func (l *Listing) dropGenerated(p *Package) {
	p.IgnoredFiles = slices.DeleteFunc(slices.Clone(p.IgnoredFiles), func(name string) bool {
		if !strings.HasSuffix(name, ".go") {
			return false
		}
		src, err := l.read(name)
		return err == nil && isOwn(name, src)
	})
}

// HasErrors reports whether the go command complains about a package: what follows from it depends
// on more than there are keys for.
func (l *Listing) HasErrors() bool {
	for _, p := range l.Packages {
		if p.listErrors > 0 {
			return true
		}
	}
	return false
}

// needRuntime makes packages with stubs import the runtime. On a module's first generation nothing
// imports it yet, and it has to be listed too.
func (l *Listing) needRuntime(ctx context.Context) error {
	var needy []*Package
	for _, p := range sortedPackages(l.Packages) {
		if p.surface.Stubbed {
			needy = append(needy, p)
		}
	}
	if len(needy) == 0 {
		return nil
	}
	if l.Packages[naming.ImplPath] == nil {
		found, err := ask(ctx, l.cfg, listMode, naming.ImplPath)
		if err != nil {
			return err
		}
		l.metadata.add(l.cfg, found)
		markRuntime(l.Packages[naming.ImplPath])
	}
	runtime := l.Packages[naming.ImplPath]
	for _, p := range needy {
		if runtime == nil || len(runtime.Errors) > 0 && runtime.Name == "" {
			p.Errors = append(p.Errors, Error{
				Pos: packageClause(p),
				Msg: "generated code will import " + naming.RuntimePath + ", which no required module provides; to add it: go get github.com/cachegen/cachegen",
			})
			continue
		}
		if imports(runtime, p) {
			p.Errors = append(p.Errors, Error{
				Pos: packageClause(p),
				Msg: "generated code would import " + naming.RuntimePath + ", which imports this package: its functions can't be cached",
			})
			p.surface.Stubbed = false
			continue
		}
		p.Imports[naming.ImplPath] = runtime
	}
	return nil
}

// imports reports whether a package is another or imports it, directly or not.
func imports(p, other *Package) bool {
	return slices.Contains(order([]*Package{p}), other)
}

// packageClause is the place of the package clause of a package's first file.
func packageClause(p *Package) token.Position {
	if len(p.GoFiles) == 0 {
		return token.Position{}
	}
	name := p.GoFiles[0]
	line := 1
	for text := range bytes.Lines(p.contents[name]) {
		if bytes.HasPrefix(text, []byte("package ")) {
			return token.Position{Filename: name, Line: line, Column: len("package ") + 1}
		}
		line++
	}
	return token.Position{Filename: name, Line: 1, Column: 1}
}

// read returns a file's content, from the overlay first.
func (l *Listing) read(name string) ([]byte, error) {
	if src, ok := l.cfg.Overlay[name]; ok {
		return src, nil
	}
	if src, ok := l.cfg.replaced[name]; ok {
		if src == nil {
			return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrNotExist}
		}
		return src, nil
	}
	return regular.ReadFile(name)
}

// globEscape makes dir match itself alone.
func globEscape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}
