package generator

import (
	"go/types"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/check"
	"github.com/cachegen/cachegen/generator/internal/compact"
	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/emit"
	"github.com/cachegen/cachegen/generator/internal/filecache"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/version/extract"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// annotated is a user's package with directives. It was analysed now, or its annotations were kept
// from an earlier run.
type annotated struct {
	pkg *load.Package
	annotations
	// model and plans are set if the package was analysed now.
	model *model.Package
	plans []*check.Plan
	// versions are those of the functions, by name. Functions with errors have none.
	versions map[string]emit.Version
}

// annotations are the facts that follow from one package with directives, as plain data.
type annotations struct {
	Functions   []function
	Diagnostics []diag.Diagnostic
	// Files are what was emitted, with the versions in it by function; Emitted says that it was.
	Files    []emit.File
	Versions map[string]emit.Version
	Emitted  bool
}

// function is a cached function.
type function struct {
	Name, Wrapper, Namespace, File, Directive string
	Line                                      int
	// Shape is "" if the function is refused.
	Shape      string
	Overridden bool
	// InProcess means that results never leave the process, so they need no version.
	InProcess bool
	Root      facts.Root
	// Target means that the function has a target, which functions of other packages must not
	// share.
	Target bool
}

// annotate models a package and plans how its inputs and results are kept.
func annotate(packages map[string]*load.Package, p *model.Package, diags *diag.List) *annotated {
	a := &annotated{pkg: p.Package, model: p, versions: map[string]emit.Version{}}
	var found diag.List
	a.plans = check.Functions(p, &found)
	mistaken := mistaken(p, diags)
	for _, d := range found.Sorted() {
		if !mistaken[d.Function] {
			diags.Add(d)
		}
	}
	for _, f := range p.Functions {
		d := describe(packages, f, a.plans)
		d.unkeyed(f, found.Sorted())
		if mistaken[f.Name] {
			d.Shape, d.Root.Cached.Behind = "", nil
		}
		a.Functions = append(a.Functions, d)
	}
	return a
}

// unkeyed drops parameters that have no key, because further mistakes with them follow from that.
func (d *function) unkeyed(f *model.Function, found []diag.Diagnostic) {
	for i, p := range f.All() {
		if slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Category == "input" && d.Pos == p.Pos && !d.IsWarning() }) {
			d.Root.Cached.Params[i].Keyed = false
		}
	}
}

// mistaken are the functions with mistakes in their directives, by name. Further mistakes in them
// may follow from these.
func mistaken(p *model.Package, diags *diag.List) map[string]bool {
	names := map[string]bool{}
	for _, d := range diags.Sorted() {
		for _, f := range p.Functions {
			if !d.IsWarning() && d.Pos.Filename == f.File && f.DirectivePos.Line <= d.Pos.Line && d.Pos.Line < f.Pos.Line {
				names[f.Name] = true
			}
		}
	}
	return names
}

// withoutFunctions are the annotations of a package without directives that was analysed because
// something in it looks like one.
func withoutFunctions(p *load.Package) *annotated {
	return &annotated{pkg: p, model: &model.Package{Package: p}, versions: map[string]emit.Version{}}
}

func describe(packages map[string]*load.Package, f *model.Function, plans []*check.Plan) function {
	d := function{
		Name: f.Name, Wrapper: f.Wrapper, Namespace: f.Namespace(), File: f.File, Directive: f.Directive, Line: f.Pos.Line,
		Overridden: f.Behaviour == model.Override,
		Root:       extract.RootOf(f).Facts(packages),
		Target:     f.Options.Target != "",
	}
	if i := slices.IndexFunc(plans, func(p *check.Plan) bool { return p.Function == f }); i >= 0 {
		d.Shape, d.InProcess = plans[i].Shape, plans[i].InProcess()
		d.Root.Cached.Behind = behind(plans[i])
	}
	return d
}

// behind are the interfaces in the inputs of a function, as what knows all types of the user's asks
// for them.
func behind(p *check.Plan) []facts.Behind {
	var list []facts.Behind
	for _, b := range p.Behind {
		i, _ := b.Type.Underlying().(*types.Interface)
		list = append(list, facts.Behind{Names: extract.MethodNames(i), Path: b.Path, Ways: b.Ways, Pos: b.Pos})
	}
	return list
}

// emit returns the generated files of a package. ok is false if its annotations were kept and more
// than versions changed; then the package must be analysed.
func (a *annotated) emit() (files []emit.File, ok bool, err error) {
	if a.model == nil {
		files, ok = a.withVersions()
		return files, ok, nil
	}
	a.Emitted = true
	if len(a.model.Functions) == 0 {
		return nil, true, nil
	}
	versions := map[*model.Function]emit.Version{}
	for _, f := range a.model.Functions {
		versions[f] = a.versions[f.Name]
	}
	files, err = emit.Package(a.model, a.plans, versions)
	a.Files, a.Versions = files, a.versions
	return files, true, err
}

// withVersions replaces the versions in code that was emitted before.
func (a *annotated) withVersions() ([]emit.File, bool) {
	if !a.Emitted || len(a.versions) != len(a.Versions) {
		return nil, false
	}
	var replace []string
	replaced := map[string]bool{}
	for name, v := range a.versions {
		old, ok := a.Versions[name]
		if !ok || !slices.Equal(old.Linked, v.Linked) || !slices.Equal(old.Modules, v.Modules) {
			return nil, false
		}
		if old.Version == v.Version {
			continue
		}
		if replaced[old.Version] { // two functions that meant the same may not any more
			return nil, false
		}
		replaced[old.Version] = true
		replace = append(replace, `"`+old.Version+`"`, `"`+v.Version+`"`)
	}
	for name, v := range a.versions {
		if a.Versions[name].Version == v.Version && replaced[v.Version] {
			return nil, false
		}
	}
	files := slices.Clone(a.Files)
	replacer := strings.NewReplacer(replace...)
	for i := range files {
		files[i].Content = []byte(replacer.Replace(string(files[i].Content)))
	}
	return files, true
}

// annotationsForm is the form in which annotations are kept.
var annotationsForm = compact.Of[annotations]()

// annotationsKey is the key under which the annotations of a package are kept.
func annotationsKey(listing *load.Listing, p *load.Package) filecache.Key {
	key := listing.Key(p)
	key[0] ^= 0xff
	return key
}

// recallAnnotations returns the annotations of a package that were kept and still hold, or nil.
// Those of a root were emitted.
func recallAnnotations(cache *filecache.Cache, listing *load.Listing, p *load.Package) *annotated {
	data, ok := cache.Get(annotationsKey(listing, p))
	if !ok {
		return nil
	}
	kept, err := annotationsForm.Unmarshal(data)
	if err != nil || p.Root && !kept.Emitted {
		return nil
	}
	return &annotated{pkg: p, annotations: *kept, versions: map[string]emit.Version{}}
}

// keep keeps the annotations of a package without errors. Those with targets are left out:
// whether two functions have one target is a question about all packages.
func (a *annotated) keep(cache *filecache.Cache, listing *load.Listing) {
	if cache == nil || a.model == nil || slices.ContainsFunc(a.Functions, func(f function) bool { return f.Target || f.Shape == "" }) {
		return
	}
	cache.Put(annotationsKey(listing, a.pkg), annotationsForm.Marshal(&a.annotations))
}
