package generator

import (
	"cmp"
	"go/token"
	"os"
	"path/filepath"

	"github.com/cachegen/cachegen/generator/internal/emit"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/naming"
	"github.com/cachegen/cachegen/internal/regular"
)

// compiles reports whether a package compiles with its generated files. If not, that is reported
// and its files stay as they are: it is a mistake of ours, or code of the user's that wants of
// generated code what it doesn't have.
func (r *run) compiles(a *annotated, files []emit.File) bool {
	if len(files) == 0 {
		return true
	}
	contents := map[string][]byte{}
	for _, f := range files {
		contents[f.Name] = f.Content
	}
	errs := r.code.prog.Verify(a.pkg, contents)
	if len(errs) == 0 {
		return true
	}
	r.broken[a.pkg] = true
	for _, e := range errs {
		if _, generated := contents[filepath.Base(e.Pos.Filename)]; generated {
			if !r.otherRuntime(a) {
				r.notCompiling(a, e.String())
			}
			return false
		}
	}
	for _, e := range errs {
		r.diags.Errorf(e.Pos, "compile", "%s", e.Msg)
	}
	return false
}

// otherRuntime reports that the runtime is too old or too new for generated code, if it is.
func (r *run) otherRuntime(a *annotated) bool {
	impl := r.code.prog.Packages[naming.ImplPath]
	if impl == nil || impl.Types == nil || impl.Types.Scope().Lookup(emit.Handshake) != nil {
		return false
	}
	has := "none"
	if m := impl.Module; m != nil {
		has = cmp.Or(m.Version, m.Dir)
	}
	r.diags.Errorf(a.model.Functions[0].Pos, "runtime", "generated code does not work with the version of github.com/cachegen/cachegen that the module "+
		"requires (%s): require that of this command, as go get -tool github.com/cachegen/cachegen/cmd/cachegen@latest does, or run the module's own, "+
		"go tool cachegen", has)
	return true
}

// notCompiling reports a mistake of ours.
func (r *run) notCompiling(a *annotated, why string) {
	r.broken[a.pkg] = true
	r.diags.Errorf(a.model.Functions[0].Pos, "generated", "generated code would not compile, and was not written: %s; "+
		"please report this at https://github.com/cachegen/cachegen/issues", why)
}

// taken reports files of somebody else's that have the names of wanted files: they stay as they
// are, and so does the package.
func (r *run) taken(p *load.Package, wanted []emit.File) bool {
	taken := false
	for _, f := range wanted {
		path := filepath.Join(p.Dir, f.Name)
		old, err := readIfExists(path)
		at := token.Position{Filename: path, Line: 1, Column: 1}
		switch {
		case err != nil:
			r.diags.Errorf(at, "file", "generated code goes here, but it can't be read: %v", err)
		case old != nil && !load.IsGenerated(old) && !load.IsCutOff(old):
			r.diags.Errorf(at, "file", "generated code goes here, but cachegen did not write this file and leaves it alone: have generated code go to "+
				"another one with //cache:default auto file=cached in the package's doc comment (cached_gen.go), or rename this file")
		default:
			continue
		}
		taken, r.broken[p] = true, true
	}
	return taken
}

// compare adds the wanted files of a package, and those it has that nothing asks for any more.
// Files for another platform are somebody else's: this one can't tell what should be in them.
func (r *run) compare(p *load.Package, wanted []emit.File) error {
	names := map[string]bool{}
	for _, f := range wanted {
		path := filepath.Join(p.Dir, f.Name)
		names[path] = true
		old, err := readIfExists(path)
		if err != nil {
			return err
		}
		file := File{Path: path, Old: old, New: f.Content, Why: whatChanged(p.Path, old, f.Content)}
		if r.leave(file) {
			file = File{Path: path, Old: old, New: old, Left: true}
		}
		r.result.Files = append(r.result.Files, file)
	}
	for _, path := range p.Generated {
		if names[path] {
			continue
		}
		old, err := regular.ReadFile(path)
		if err != nil {
			return err
		}
		if !load.IsGenerated(old) { // an empty file may be about to be somebody else's
			continue
		}
		r.result.Files = append(r.result.Files, File{Path: path, Old: old})
	}
	return nil
}

// readIfExists returns the content of a file, nil if there is none.
func readIfExists(path string) ([]byte, error) {
	data, err := regular.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	return data, err
}
