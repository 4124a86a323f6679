// Package subject prepares real modules for experiments: it copies them, caches their functions of data, and says where the
// definitions are that each version is made of.
package subject

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/tools/go/packages"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/generator/internal/oracle/standin"
)

// Module is a copy of a module whose functions of data are cached.
type Module struct {
	// Dir is where it is, Path its module path.
	Dir, Path string
	// Packages are type-checked, without tests.
	Packages []*packages.Package
	// Functions are those of data that have a version.
	Functions []*Function
}

// Function is a cached function.
type Function struct {
	// Package is its import path, Name what it is called there: F, or (*T).F as a method expression.
	Package, Name string
	Object        *types.Func
	// Closure explains its version.
	Closure *generator.Explanation
	// parts are the lines of the definitions in its closure, by file.
	parts map[string][][2]int
}

// Copy copies the module in a directory, without version control and other modules.
func Copy(from, to string) error {
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if rel != "." && nested(path, d.Name()) {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		if !d.Type().IsRegular() || d.Name() == "go.work" || d.Name() == "cache_gen.go" {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), content, 0o644)
	})
}

// nested reports whether a directory is no part of the module around it.
func nested(path, name string) bool {
	if name == ".git" {
		return true
	}
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil
}

// Load puts a directive above all functions of data in a module, works out their versions and type-checks the result. The module gets
// a stand-in for the package that generated code imports, unless it has the package itself.
func Load(ctx context.Context, dir string) (*Module, error) {
	m := &Module{Dir: dir}
	if err := m.require(ctx); err != nil {
		return nil, err
	}
	if err := m.load(ctx); err != nil {
		return nil, err
	}
	if err := m.annotate(); err != nil {
		return nil, err
	}
	if err := m.load(ctx); err != nil { // the directives moved what follows them
		return nil, err
	}
	return m, m.explain(ctx)
}

// require makes the stand-in a requirement of the module.
func (m *Module) require(ctx context.Context) error {
	file := filepath.Join(m.Dir, "go.mod")
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	mod, err := modfile.Parse(file, data, nil)
	if err != nil {
		return err
	}
	m.Path = mod.Module.Mod.Path
	if m.Path == standin.Module {
		return nil
	}
	dir := filepath.Join(m.Dir, "testdata", "cachegen")
	if err := standin.Write(dir); err != nil {
		return err
	}
	edit := exec.CommandContext(ctx, "go", "mod", "edit", "-require="+standin.Module+"@v0.0.0", "-replace="+standin.Module+"=./testdata/cachegen", "-go=1.26")
	edit.Dir = m.Dir
	if out, err := edit.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func (m *Module) load(ctx context.Context) error {
	loaded, err := packages.Load(&packages.Config{
		Context: ctx, Dir: m.Dir, Mode: packages.LoadSyntax | packages.NeedModule,
		Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"),
	}, "./...")
	if err != nil {
		return err
	}
	m.Packages = slices.DeleteFunc(loaded, func(p *packages.Package) bool {
		return len(p.Errors) > 0 || len(p.GoFiles) == 0 || p.Name == "main" || strings.Contains(p.PkgPath, "/testdata/")
	})
	if len(m.Packages) == 0 {
		return fmt.Errorf("no package in %s can be checked", m.Dir)
	}
	return nil
}

// annotate puts the directives.
func (m *Module) annotate() error {
	for _, p := range m.Packages {
		for _, file := range p.Syntax {
			name := p.Fset.File(file.Pos()).Name()
			if err := annotateFile(p, file, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func annotateFile(p *packages.Package, file *ast.File, name string) error {
	src, err := os.ReadFile(name)
	if err != nil || ast.IsGenerated(file) {
		return err
	}
	var out []byte
	last := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		if o, ok := p.TypesInfo.Defs[f.Name].(*types.Func); !ok || !ofData(o) {
			continue
		}
		at := p.Fset.Position(f.Type.Func).Offset
		out = append(append(out, src[last:at]...), "//cache:auto trust reviewed name=Kept"+keptName(f)+"\n"...)
		last = at
	}
	return os.WriteFile(name, append(out, src[last:]...), 0o644)
}

// keptName is a name for the wrapper that nothing else has.
func keptName(f *ast.FuncDecl) string {
	name := ""
	if f.Recv != nil {
		ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				name += id.Name
			}
			return true
		})
	}
	return name + f.Name.Name + "0"
}

// ofData reports whether a function's inputs are plain data, and it has results.
func ofData(f *types.Func) bool {
	sig := f.Signature()
	if sig.Results().Len() == 0 || sig.TypeParams() != nil || sig.RecvTypeParams() != nil || f.Name() == "_" {
		return false
	}
	if r := sig.Recv(); r != nil && !plain(r.Type(), map[types.Type]bool{}) {
		return false
	}
	for v := range sig.Params().Variables() {
		if !plain(v.Type(), map[types.Type]bool{}) {
			return false
		}
	}
	return true
}

// plain reports whether a type carries no behaviour that its values choose.
func plain(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return true
	}
	seen[t] = true
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil && strings.HasPrefix(n.Obj().Pkg().Path(), "sync") {
		return false
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() != types.UnsafePointer
	case *types.Pointer:
		return plain(t.Elem(), seen)
	case *types.Slice:
		return plain(t.Elem(), seen)
	case *types.Array:
		return plain(t.Elem(), seen)
	case *types.Map:
		return plain(t.Key(), seen) && plain(t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if !plain(f.Type(), seen) {
				return false
			}
		}
		return true
	}
	return false
}

// explain finds the versions.
func (m *Module) explain(ctx context.Context) error {
	result, err := generator.Run(ctx, generator.Config{Dir: m.Dir, Patterns: []string{"./..."}})
	if err != nil {
		return err
	}
	closures := map[string]*generator.Explanation{} // by place
	for _, f := range result.Functions {
		if x := result.Explain(f.Name); x != nil {
			closures[fmt.Sprint(filepath.Base(f.Package), "/", filepath.Base(f.File), ":", f.Line)] = x
		}
	}
	for _, p := range m.Packages {
		for _, file := range p.Syntax {
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				at := p.Fset.Position(f.Name.Pos())
				x := closures[fmt.Sprint(filepath.Base(p.PkgPath), "/", filepath.Base(at.Filename), ":", at.Line)]
				if o, ok := p.TypesInfo.Defs[f.Name].(*types.Func); ok && x != nil {
					m.Functions = append(m.Functions, newFunction(p, f, o, x))
				}
			}
		}
	}
	return nil
}

func newFunction(p *packages.Package, f *ast.FuncDecl, o *types.Func, x *generator.Explanation) *Function {
	c := &Function{Package: p.PkgPath, Name: f.Name.Name, Object: o, Closure: x, parts: map[string][][2]int{}}
	if f.Recv != nil {
		c.Name = "(" + types.ExprString(f.Recv.List[0].Type) + ")." + c.Name
	}
	for _, part := range x.Parts {
		if part.File != "" && part.Hash != "" {
			c.parts[part.File] = append(c.parts[part.File], [2]int{part.Line, part.Line + max(part.Lines-1, 0)})
		}
	}
	return c
}

// Position is where something of the module's packages is.
func (m *Module) Position(pos token.Pos) token.Position {
	return m.Packages[0].Fset.PositionFor(pos, false)
}

// Harmless reports whether nothing that the function's closure reaches can change files, run programs or talk to others, as far as the
// names of what it reaches in the standard library tell: what is not known to be harmless is not.
func (f *Function) Harmless() bool {
	return !slices.ContainsFunc(f.Closure.Parts, func(d generator.Definition) bool {
		if d.Kind != "outside" {
			return false
		}
		for _, pkg := range []string{"os", "os/exec", "os/signal", "os/user", "syscall", "net", "net/http", "net/rpc", "io/ioutil", "plugin", "testing", "log"} {
			if name, ok := strings.CutPrefix(d.Name, pkg+"."); ok && !strings.Contains(harmless, " "+pkg+"."+name+" ") {
				return true
			}
		}
		return strings.HasPrefix(d.Name, "golang.org/x/sys")
	})
}

// harmless are functions of the packages above that only look.
const harmless = " os.Args os.Getenv os.LookupEnv os.Getpagesize os.IsNotExist os.IsExist os.ErrNotExist os.ErrExist os.Stdout os.Stderr " +
	"os.PathError os.PathError.Error os.FileMode os.FileInfo os.PathSeparator net.IP net.ParseIP net.IPNet net.IP.String net.Error " +
	"net/http.Header net/http.Header.Get net/http.Header.Set net/http.StatusText net/http.CanonicalHeaderKey syscall.Errno "

// Has reports whether a definition that covers the place is in the function's closure.
func (f *Function) Has(at token.Position) bool {
	return slices.ContainsFunc(f.parts[at.Filename], func(lines [2]int) bool { return lines[0] <= at.Line && at.Line <= lines[1] })
}
