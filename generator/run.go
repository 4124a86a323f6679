package generator

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/check"
	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/emit"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/version"
)

// Config says what to generate.
type Config struct {
	// Dir is the directory that patterns are relative to; "" is the current one.
	Dir string
	// Patterns are package patterns as the go command takes them; none means ".".
	Patterns []string
	// Tags are build tags, added to the target's.
	Tags []string
	// WarningsAreErrors makes warnings keep files from being generated, as errors do.
	WarningsAreErrors bool
	// NoCache makes everything be worked out anew. Otherwise what was worked out about packages is kept in the user's cache folder.
	NoCache bool
	// Progress is told what is being done, if it is not nil.
	Progress func(string)
}

// Run finds the cached functions of packages and what has to be generated for them. The error is for what prevents looking at
// packages at all; everything that is wrong with them is in the diagnostics, all of it. Files of packages with errors are not
// in the result: they are best left as they are.
func Run(ctx context.Context, cfg Config) (*Result, error) {
	if cfg.Progress == nil {
		cfg.Progress = func(string) {}
	}
	cfg.Progress("loading packages")
	code, err := loadCode(ctx, cfg)
	if err != nil {
		return nil, err
	}
	cfg.Progress("analysing code")
	r := &run{cfg: cfg, code: code, prog: code.prog, result: &Result{versions: map[string]*version.Version{}}, broken: map[*load.Package]bool{}}
	for _, p := range code.listing.Roots {
		r.result.Packages = append(r.result.Packages, p.Path)
	}
	r.compileErrors()
	r.packages = r.functions()
	r.versions()
	if err := r.files(); err != nil {
		return nil, err
	}
	r.result.Diagnostics = r.diags.Sorted()
	return r.result, nil
}

// run is one generation.
type run struct {
	cfg    Config
	code   *code
	prog   *load.Program
	diags  diag.List
	result *Result
	// broken packages have errors: theirs or those of their directives, inputs or versions.
	broken   map[*load.Package]bool
	packages []*planned
}

// planned is a package with the plans and versions of its functions.
type planned struct {
	*model.Package
	plans    []*check.Plan
	versions map[*model.Function]emit.Version
}

// compileErrors reports what keeps the packages that were asked for from compiling, in the compiler's words.
func (r *run) compileErrors() {
	for _, p := range r.prog.Roots {
		for _, e := range p.Errors {
			r.broken[p] = true
			r.diags.Errorf(e.Pos, "compile", "%s", e.Msg)
		}
	}
}

// functions models the packages and plans how their inputs and results are kept.
func (r *run) functions() []*planned {
	var list diag.List
	var packages []*planned
	for _, p := range model.Build(r.prog, &list) {
		packages = append(packages, &planned{Package: p, plans: check.Functions(p, &list)})
	}
	for _, d := range list.Sorted() {
		r.add(d)
	}
	return packages
}

// add adds a diagnostic and remembers whose package it breaks.
func (r *run) add(d diag.Diagnostic) {
	r.diags.Add(d)
	if d.IsWarning() && !r.cfg.WarningsAreErrors {
		return
	}
	for _, p := range r.prog.Roots {
		if p.Dir == filepath.Dir(d.Pos.Filename) {
			r.broken[p] = true
		}
	}
}

// versions computes what the functions mean.
func (r *run) versions() {
	var ignored diag.List // what is wrong with packages that were not asked for is said when they are
	var all []version.Root
	for _, p := range model.BuildReached(r.prog, &ignored) {
		for _, f := range p.Functions {
			all = append(all, version.RootOf(f))
		}
	}
	for _, p := range r.packages {
		for _, f := range p.Functions {
			all = append(all, version.RootOf(f))
		}
	}
	graph := r.code.graph(all)
	for _, p := range r.packages {
		p.versions = map[*model.Function]emit.Version{}
		for _, f := range p.Functions {
			r.version(graph, p, f)
		}
		r.accept(p)
		for _, f := range p.Functions {
			if v, ok := p.versions[f]; ok {
				r.describe(p, f, v)
			}
		}
	}
}

func (r *run) version(graph *version.Graph, p *planned, f *model.Function) {
	if f.Behaviour == model.Override {
		for _, d := range graph.Review(version.RootOf(f)) {
			r.add(d)
		}
		p.versions[f] = emit.Version{Version: f.Options.Version}
		return
	}
	v, err := graph.Of(version.RootOf(f))
	if err != nil {
		r.broken[p.Package.Package] = true
		r.versionError(f, err)
		return
	}
	for _, d := range v.Warnings {
		r.add(d)
	}
	r.result.versions[f.Name] = v
	p.versions[f] = emit.Version{Version: v.Hash, Modules: v.Modules, Platform: v.Platform}
}

// versionError reports why a function has no version: the errors of what it reaches, where they are.
func (r *run) versionError(f *model.Function, err error) {
	errs, ok := err.(version.Errors)
	if !ok {
		r.diags.Errorf(f.Pos, "version", "%v", err)
		return
	}
	for _, e := range errs {
		pos := e.Pos
		if !pos.IsValid() {
			pos = f.Pos
		}
		r.diags.Errorf(pos, "compile", "%s", e.Msg)
	}
}

// describe adds a function to the result.
func (r *run) describe(p *planned, f *model.Function, v emit.Version) {
	described := Function{
		Name:      f.Name,
		Wrapper:   f.Wrapper,
		Namespace: f.Namespace(),
		Version:   v.Version,
		Modules:   append([]string{}, v.Modules...),
		File:      f.File,
		Line:      f.Pos.Line,
		Directive: f.Directive,
		Package:   p.Path,
		Platform:  v.Platform,
	}
	if code := r.result.versions[f.Name]; code != nil {
		described.Code = code.Hash
	}
	for _, plan := range p.plans {
		if plan.Function == f {
			described.Shape = plan.Shape
		}
	}
	r.result.Functions = append(r.result.Functions, described)
}

// files compares the generated files of the packages with what they should be.
func (r *run) files() error {
	slices.SortStableFunc(r.result.Functions, func(a, b Function) int {
		return cmp.Or(cmp.Compare(filepath.Dir(a.File), filepath.Dir(b.File)), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	wanted := map[*load.Package][]emit.File{}
	for _, p := range r.packages {
		if r.broken[p.Package.Package] {
			continue
		}
		files, err := emit.Package(p.Package, p.plans, p.versions)
		if err != nil {
			return err
		}
		wanted[p.Package.Package] = files
	}
	for _, p := range r.prog.Roots {
		if r.broken[p] {
			continue
		}
		if err := r.compare(p, wanted[p]); err != nil {
			return err
		}
	}
	return nil
}

// compare adds the wanted files of a package, and those it has that nothing asks for any more. Files for another target are somebody
// else's: this one can't tell what should be in them.
func (r *run) compare(p *load.Package, wanted []emit.File) error {
	names := map[string]bool{}
	for _, f := range wanted {
		path := filepath.Join(p.Dir, f.Name)
		names[path] = true
		old, err := readIfExists(path)
		if err != nil {
			return err
		}
		r.result.Files = append(r.result.Files, File{Path: path, Old: old, New: f.Content, Why: whatChanged(old, f.Content)})
	}
	for _, path := range p.Generated {
		if names[path] {
			continue
		}
		old, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		r.result.Files = append(r.result.Files, File{Path: path, Old: old})
	}
	return nil
}

// readIfExists returns the content of a file, nil if there is none.
func readIfExists(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	return data, err
}
