package mutants

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/oracle/subject"
)

//go:embed schema/*.go
var schemaFiles embed.FS

// binary is a module with all its mutants.
type binary struct {
	file, texts string
	places      []Place
	functions   map[string]*subject.Function
}

// build makes places in a module and builds it, with a file beside it that has texts which occur in it.
func build(ctx context.Context, m *subject.Module) (*binary, error) {
	b := &binary{
		file: filepath.Join(m.Dir, "mutants.exe"), texts: filepath.Join(m.Dir, "texts.json"), functions: map[string]*subject.Function{},
	}
	if err := writeSchema(m); err != nil {
		return nil, err
	}
	next := 1
	texts := map[string]bool{}
	for _, p := range m.Packages {
		in := &instrumenter{p: p, next: next, tables: 60}
		for _, f := range p.Syntax {
			collect(f, texts)
			src, err := in.instrument(f)
			if err != nil {
				return nil, err
			}
			if err := os.WriteFile(in.file.Name(), src, 0o644); err != nil {
				return nil, err
			}
		}
		next = in.next
		b.places = append(b.places, in.places...)
	}
	data, err := json.Marshal(slices.Sorted(maps.Keys(texts)))
	if err == nil {
		err = os.WriteFile(b.texts, data, 0o644)
	}
	if err != nil {
		return nil, err
	}
	if err := b.register(m); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", b.file, "./"+mainName)
	cmd.Dir = m.Dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return b, nil
}

// mainName is the directory of the program, linkName of packages that import internal ones for it.
const (
	mainName = "zzmain"
	linkName = "zzlink"
)

func writeSchema(m *subject.Module) error {
	dir := filepath.Join(m.Dir, schemaName)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	entries, err := fs.Glob(schemaFiles, "schema/*.go")
	if err != nil {
		return err
	}
	for _, name := range entries {
		data, err := schemaFiles.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, path.Base(name)), data, 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// collect adds the texts of a file.
func collect(f *ast.File, texts map[string]bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				if s, err := strconv.Unquote(n.Value); err == nil && len(s) < 200 {
					texts[s] = true
				}
			}
		}
		return true
	})
}

// register writes a file to each package that makes its functions known, and the main package that has them all.
func (b *binary) register(m *subject.Module) error {
	for _, p := range m.Packages {
		var calls strings.Builder
		for _, f := range m.Functions {
			if f.Package != p.PkgPath || !f.Harmless() {
				continue
			}
			name := p.PkgPath + " " + f.Name
			b.functions[name] = f
			fmt.Fprintf(&calls, "\t%s.Register(%q, %s)\n", schemaName, name, f.Name)
		}
		if calls.Len() == 0 {
			continue
		}
		text := fmt.Sprintf("package %s\n\nimport %s %q\n\nfunc init() {\n%s}\n", p.Name, schemaName, schemaPath(m.Path), calls.String())
		dir := filepath.Dir(p.GoFiles[0])
		if err := os.WriteFile(filepath.Join(dir, "zz_register.go"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	links := map[string][]string{} // imports of packages, by directory relative to the module
	for _, p := range m.Packages {
		link(links, m.Path, p.PkgPath)
	}
	for dir, imports := range links {
		name, body := linkName, ""
		if dir == "" {
			name, body = mainName, "\nfunc main() { "+schemaName+".Main() }\n"
			imports = append(imports, schemaName+" "+strconv.Quote(schemaPath(m.Path)))
		}
		full := filepath.Join(m.Dir, filepath.FromSlash(dir), name)
		if err := os.MkdirAll(full, 0o755); err != nil {
			return err
		}
		pkg := linkName
		if dir == "" {
			pkg = "main"
		}
		text := "package " + pkg + "\n\nimport (\n\t" + strings.Join(imports, "\n\t") + "\n)\n" + body
		if err := os.WriteFile(filepath.Join(full, "zz.go"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// link adds an import of a package where it is allowed: that of an internal one at the parent of its directory internal, which is then
// imported in turn.
func link(links map[string][]string, module, pkg string) {
	rel := strings.Trim(strings.TrimPrefix(pkg, module), "/")
	elements := strings.Split(rel, "/")
	dir := ""
	for i := len(elements) - 1; i > 0; i-- {
		if elements[i] == "internal" {
			dir = strings.Join(elements[:i], "/")
			break
		}
	}
	line := "_ " + strconv.Quote(pkg)
	if slices.Contains(links[dir], line) {
		return
	}
	links[dir] = append(links[dir], line)
	if dir != "" {
		link(links, module, module+"/"+dir+"/"+linkName)
	}
}
