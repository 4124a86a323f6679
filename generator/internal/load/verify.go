package load

import (
	"cmp"
	"errors"
	"fmt"
	"go/parser"
	"go/types"
	"path/filepath"
	"slices"
)

// Verify type-checks a wanted package with its generated files, by base name, in place of the stubs
// that stood for them. It returns what would keep the package from compiling.
func (prog *Program) Verify(p *Package, generated map[string][]byte) []Error {
	v := &verifier{prog: prog, p: p}
	files := slices.Concat(p.Syntax, p.Cgo)
	for _, name := range sortedKeys(generated) {
		file, err := parser.ParseFile(prog.Fset, filepath.Join(p.Dir, name), generated[name], parser.SkipObjectResolution)
		if err != nil {
			return []Error{{Msg: err.Error()}}
		}
		files = append(files, file)
	}
	conf := types.Config{
		GoVersion:   goVersion(p.Module),
		FakeImportC: true,
		Importer:    v,
		Sizes:       types.SizesFor("gc", "amd64"),
		Error:       v.add,
	}
	_, _ = conf.Check(p.Path, prog.Fset, files, nil) // Error is told
	return v.errors
}

// verifier is the importer and the list of errors of Verify.
type verifier struct {
	prog   *Program
	p      *Package
	errors []Error
}

// errUnknown says that a package was not loaded. What is wrong with its use can't be told.
var errUnknown = errors.New("not loaded")

// Import finds packages that the user's files import, and else by their path, as the generated
// files' are.
func (v *verifier) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	imported := cmp.Or(v.p.Imports[path], v.prog.Packages[path])
	if imported == nil || imported.Types == nil {
		return nil, errUnknown
	}
	return imported.Types, nil
}

func (v *verifier) add(err error) {
	if v.p.isAboutC(err) {
		return
	}
	e, ok := errors.AsType[types.Error](err)
	if !ok {
		v.errors = append(v.errors, Error{Msg: err.Error()})
		return
	}
	if importMessage(e.Msg) == errUnknown.Error() {
		return
	}
	v.errors = append(v.errors, Error{Pos: e.Fset.PositionFor(e.Pos, false), Msg: e.Msg})
}

// String is the error as the compiler prints it, with the base name of its file.
func (e Error) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", filepath.Base(e.Pos.Filename), e.Pos.Line, e.Pos.Column, e.Msg)
}
