package generator

import (
	"cmp"
	"context"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/emit"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/version"
	"github.com/cachegen/cachegen/generator/internal/version/closure"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Config configures [Run].
type Config struct {
	// Dir is the directory that patterns are relative to; "" is the current one.
	Dir string
	// Patterns are package patterns as the go command takes them; none means ".".
	Patterns []string
	// Tags are build tags, added to those of the platform; none means those in GOFLAGS.
	Tags []string
	// WarningsAreErrors makes warnings keep files from being generated, as errors do.
	WarningsAreErrors bool
	// NoCache analyses all packages anew. Otherwise summaries of packages are kept in the user's
	// cache folder.
	NoCache bool
	// Progress is called with the present step, if it is not nil.
	Progress func(string)
}

// Run finds the cached functions of packages, and generates code for them. It returns an error only
// if packages can't be analysed at all. All mistakes in packages are in the diagnostics. The result
// has no files of packages with errors, whose files should stay as they are.
func Run(ctx context.Context, cfg Config) (*Result, error) {
	if cfg.Progress == nil {
		cfg.Progress = func(string) {}
	}
	// Kept annotations may turn out to be too little. Then these packages are analysed.
	look := map[string]bool{}
	for {
		r := &run{
			cfg: cfg, result: &Result{versions: map[string]*version.Version{}, programs: map[string][]string{}},
			broken: map[*load.Package]bool{}, clashing: map[*load.Package]bool{},
		}
		again, err := r.run(ctx, look)
		if err != nil {
			return nil, err
		}
		if len(again) == 0 {
			return r.result, nil
		}
		for _, p := range again {
			look[p.Path] = true
		}
	}
}

// run is one generation.
type run struct {
	cfg    Config
	code   *code
	diags  diag.List
	result *Result
	// broken are the packages with errors: their own, or errors of their directives, inputs or
	// versions.
	broken map[*load.Package]bool
	// clashing are the packages that declare names which generated code needs.
	clashing map[*load.Package]bool
	// packages are the roots with directives, in the order of the listing.
	packages []*annotated
}

// run generates, and analyses the packages with the paths. It returns further packages that must be
// analysed.
func (r *run) run(ctx context.Context, look map[string]bool) (again []*load.Package, err error) {
	r.cfg.Progress("loading packages")
	if r.code, err = loadCode(ctx, r.cfg, look); err != nil {
		return nil, err
	}
	for _, p := range r.code.listing.Roots {
		r.result.Packages = append(r.result.Packages, p.Path)
	}
	r.cfg.Progress("analysing code")
	reached := r.annotations()
	r.compileErrors()
	r.versions(reached)
	r.namespaces()
	if again, err = r.files(); err != nil || len(again) > 0 {
		return again, err
	}
	r.keep(reached)
	for _, p := range r.code.listing.Roots {
		if r.broken[p] {
			r.result.Broken = append(r.result.Broken, p.Path)
		}
	}
	r.result.Diagnostics = r.diags.Sorted()
	for i, d := range r.result.Diagnostics {
		if d.Category != "compile" { // the compiler's words are its own
			r.result.Diagnostics[i].Page = PageAbout(d.Message)
		}
	}
	return nil, nil
}

// compileErrors reports what keeps the packages that were asked for from compiling, in the
// compiler's words. Packages that have nothing to do with caching are left to the compiler: where a
// cached function reaches one, that is said of the function.
func (r *run) compileErrors() {
	for _, p := range r.code.listing.Roots {
		if !p.HasDirectives() && len(p.Generated) == 0 && p.HasFiles() {
			continue
		}
		for _, e := range p.Errors {
			r.broken[p] = true
			if e.Type && !strings.Contains(e.Msg, "redeclared") && r.follows(p) {
				continue
			}
			r.diags.Errorf(e.Pos, "compile", "%s", e.Msg)
		}
	}
}

// annotations models the packages that were analysed, adds the kept annotations of others, and
// returns the packages that are not roots.
func (r *run) annotations() (reached []*annotated) {
	var list, unsaid diag.List // what is wrong with packages that were not asked for is said when they are
	packages := r.code.listing.Packages
	for _, p := range model.BuildReached(r.code.prog, &unsaid) {
		reached = append(reached, annotate(packages, p, &unsaid))
	}
	for _, p := range model.Build(r.code.prog, &list) {
		r.packages = append(r.packages, annotate(packages, p, &list))
	}
	for _, p := range r.unannotated(slices.Concat(reached, r.packages)) {
		if p.Root {
			r.packages = append(r.packages, withoutFunctions(p))
		} else {
			reached = append(reached, withoutFunctions(p))
		}
	}
	for _, a := range r.code.recalled {
		if !a.pkg.Root {
			reached = append(reached, a)
			continue
		}
		r.packages = append(r.packages, a)
		list.Add(a.Diagnostics...)
	}
	slices.SortFunc(r.packages, func(a, b *annotated) int { return cmp.Compare(a.pkg.Path, b.pkg.Path) })
	for _, d := range list.Sorted() {
		r.add(d)
	}
	r.keepDiagnostics(list.Sorted())
	return reached
}

// unannotated are the packages that were analysed and have no cached functions, by path.
func (r *run) unannotated(known []*annotated) []*load.Package {
	without := slices.DeleteFunc(slices.Clone(r.code.wanted), func(p *load.Package) bool {
		return !p.HasDirectives() || slices.ContainsFunc(known, func(a *annotated) bool { return a.pkg == p })
	})
	return slices.SortedFunc(slices.Values(without), func(a, b *load.Package) int { return cmp.Compare(a.Path, b.Path) })
}

// keepDiagnostics adds warnings to the annotations of packages, to be reported again when these are
// found.
func (r *run) keepDiagnostics(all []diag.Diagnostic) {
	for _, a := range r.packages {
		if a.model == nil {
			continue
		}
		for _, d := range all {
			if filepath.Dir(d.Pos.Filename) == a.pkg.Dir {
				a.Diagnostics = append(a.Diagnostics, d)
			}
		}
	}
}

// add adds a diagnostic, and marks the package that it breaks.
func (r *run) add(d diag.Diagnostic) {
	r.diags.Add(d)
	if d.IsWarning() && !r.cfg.WarningsAreErrors {
		return
	}
	for _, p := range r.code.listing.Roots {
		if p.Dir == filepath.Dir(d.Pos.Filename) {
			r.broken[p] = true
			r.clashing[p] = r.clashing[p] || d.Category == model.NameCategory
		}
	}
}

// versions computes the versions of the functions.
func (r *run) versions(reached []*annotated) {
	var roots []facts.Root
	for _, a := range slices.Concat(reached, r.packages) {
		for _, f := range a.Functions {
			roots = append(roots, f.Root)
		}
	}
	graph := r.code.graph(roots)
	for _, a := range r.packages {
		if len(a.Functions) == 0 {
			continue
		}
		dirs := together(a.pkg, r.code.listing.Packages)
		for _, f := range a.Functions {
			r.result.programs[f.Name] = dirs
			r.version(graph, a, f)
		}
		r.accept(a)
		for _, f := range a.Functions {
			if v, ok := a.versions[f.Name]; ok {
				r.describe(a, f, v)
			}
		}
	}
}

func (r *run) version(graph *closure.Graph, a *annotated, f function) {
	if f.Overridden {
		r.review(a, f, version.Review(graph, f.Root))
		a.versions[f.Name] = emit.Version{Version: f.Root.Override}
		return
	}
	v, err := version.Of(graph, f.Root)
	if err != nil {
		r.broken[a.pkg] = true
		if !r.follows(a.pkg) {
			r.versionError(f, err)
		}
		return
	}
	r.review(a, f, v.Warnings)
	r.result.versions[f.Name] = v
	if f.InProcess {
		a.versions[f.Name] = emit.Version{}
		return
	}
	a.versions[f.Name] = emit.Version{Version: v.Hash, Modules: v.Modules, Linked: v.Linked}
}

// review adds refusals and warnings of a function's code. A function that is refused gets no
// warnings, unless all that refuses it is answered by the option reviewed: who says that has read
// the warnings, too.
func (r *run) review(a *annotated, f function, found []diag.Diagnostic) {
	if r.unsound(a.pkg) {
		return
	}
	refused := f.Shape == "" || slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return !d.IsWarning() && !d.Vouched })
	for _, d := range found {
		if !refused || !d.IsWarning() {
			r.add(d)
		}
	}
}

// unsound reports whether a generated name is taken in a package: what its code is and does is not
// known then.
func (r *run) unsound(p *load.Package) bool { return p.Unsound && r.clashing[p] }

// follows reports whether what a package's types get wrong, but for what is there twice, may follow
// from a generated name that is taken, there or in what it imports.
func (r *run) follows(p *load.Package) bool {
	if r.unsound(p) {
		return true
	}
	for _, imported := range p.Imports {
		if r.unsound(imported) {
			return true
		}
	}
	return false
}

// versionError reports why a function has no version: the errors of what it reaches, where they
// are.
func (r *run) versionError(f function, err error) {
	at := token.Position{Filename: f.File, Line: f.Line, Column: 1}
	errs, ok := err.(version.Errors)
	if !ok {
		r.diags.Errorf(at, "version", "%v", err)
		return
	}
	for _, e := range errs {
		pos := e.Pos
		if !pos.IsValid() {
			pos = at
		}
		r.diags.Errorf(pos, "compile", "%s", e.Msg)
	}
}

// describe adds a function to the result.
func (r *run) describe(a *annotated, f function, v emit.Version) {
	described := Function{
		Name:      f.Name,
		Wrapper:   f.Wrapper,
		Namespace: f.Namespace,
		Version:   v.Version,
		Modules:   append([]string{}, v.Modules...),
		File:      f.File,
		Line:      f.Line,
		Directive: f.Directive,
		Package:   a.pkg.Path,
		Shape:     f.Shape,
		Linked:    v.Linked,
	}
	if code := r.result.versions[f.Name]; code != nil {
		described.Code = code.Hash
	}
	r.result.Functions = append(r.result.Functions, described)
}

// files compares the generated files of the packages with what they should be.
func (r *run) files() (again []*load.Package, err error) {
	slices.SortStableFunc(r.result.Functions, func(a, b Function) int {
		return cmp.Or(cmp.Compare(filepath.Dir(a.File), filepath.Dir(b.File)), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	wanted := map[*load.Package][]emit.File{}
	for _, a := range r.packages {
		if r.broken[a.pkg] {
			continue
		}
		files, ok, err := a.emit()
		if err != nil {
			r.notCompiling(a, err.Error())
			continue
		}
		if !ok {
			again = append(again, a.pkg)
		}
		files = withTags(files, r.code.listing.Tags())
		if a.model == nil || r.compiles(a, files) {
			wanted[a.pkg] = files
		}
	}
	if len(again) > 0 {
		return again, nil
	}
	for _, p := range r.code.listing.Roots {
		if r.broken[p] || r.taken(p, wanted[p]) {
			continue
		}
		if err := r.compare(p, wanted[p]); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// keep keeps the annotations of packages without errors.
func (r *run) keep(reached []*annotated) {
	for _, a := range slices.Concat(reached, r.packages) {
		if len(a.pkg.Errors) == 0 && !r.broken[a.pkg] {
			a.keep(r.code.cache, r.code.listing)
		}
	}
}
