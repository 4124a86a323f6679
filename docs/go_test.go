package docs_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// imported are the packages that blocks use without importing them, by name.
var imported = map[string]string{
	"atomic": "sync/atomic", "cache": "github.com/cachegen/cachegen/runtime", "cachetest": "github.com/cachegen/cachegen/runtime/cachetest",
	"cachedebug": "github.com/cachegen/cachegen/runtime/debug", "cachevar": "github.com/cachegen/cachegen/runtime/expvar",
	"context": "context", "errors": "errors", "flag": "flag", "fmt": "fmt", "http": "net/http", "inspect": "github.com/cachegen/cachegen/runtime/inspect",
	"io": "io", "json": "encoding/json", "log": "log", "os": "os", "slog": "log/slog", "sql": "database/sql",
	"store": "github.com/cachegen/cachegen/runtime/store", "storetest": "github.com/cachegen/cachegen/runtime/store/storetest",
	"strings": "strings", "sync": "sync", "testing": "testing", "time": "time", "httptest": "net/http/httptest", "filepath": "path/filepath",
	"iter": "iter", "maps": "maps", "slices": "slices", "layer": "github.com/cachegen/cachegen/runtime/store/layer",
}

// TestGoBlocks compiles each block of Go. One that is no file is a list of declarations, or else
// statements of a function. "…" stands for code that is left out. What it uses and does not declare
// is declared in a comment before it: <!-- go: type T int -->.
func TestGoBlocks(t *testing.T) {
	n := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.lang != "go" || b.arg != "" && hasConsole(p) { // TestConsole compiles those
				continue
			}
			n++
			if err := compile(b); err != nil {
				t.Errorf("%s:%d: %v", p.name, b.line, err)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d blocks", n)
	}
}

// omitted stands for code that is left out.
var omitted = regexp.MustCompile(`(?m)^(\s*)…( //.*)?$`)

// compile type-checks a block.
func compile(b block) error {
	code := strings.ReplaceAll(b.text, "{ … }", `{ panic("omitted") }`)
	code = omitted.ReplaceAllString(code, "")
	var err error
	for _, form := range []string{"%s\n%s", "package p\n\n%s\n%s", "package p\n\n%s\nfunc _() {\n%s\n}"} {
		file := token.NewFileSet()
		var f *ast.File
		if f, err = parser.ParseFile(file, "block.go", fmt.Sprintf(form, b.prelude, code), parser.ParseComments); err == nil {
			return check(file, f)
		}
	}
	return err
}

// check type-checks a file, which may leave out imports and bodies.
func check(set *token.FileSet, f *ast.File) error {
	for name, path := range imported {
		if !imports(f, path) && mentions(f, name) {
			spec := &ast.ImportSpec{Name: ast.NewIdent(name), Path: &ast.BasicLit{Kind: token.STRING, Value: `"` + path + `"`}}
			f.Decls = append([]ast.Decl{&ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{spec}}}, f.Decls...)
			f.Imports = append(f.Imports, spec)
		}
	}
	var first error
	config := types.Config{Importer: exportData(set), Error: func(err error) {
		if e, ok := err.(types.Error); ok && !e.Soft && first == nil && !strings.Contains(e.Msg, "missing return") {
			first = fmt.Errorf("line %d: %s", set.Position(e.Pos).Line, e.Msg)
		}
	}}
	_, _ = config.Check("p", set, []*ast.File{f}, nil)
	return first
}

func imports(f *ast.File, path string) bool {
	for _, spec := range f.Imports {
		if spec.Path.Value == `"`+path+`"` {
			return true
		}
	}
	return false
}

// mentions reports whether a file uses a name as that of a package.
func mentions(f *ast.File, name string) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			x, ok := s.X.(*ast.Ident)
			found = found || ok && x.Name == name && x.Obj == nil
		}
		return !found
	})
	return found
}

// exportData imports packages from what the compiler made of them.
func exportData(set *token.FileSet) types.Importer {
	return importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) {
		name, ok := exports()[path]
		if !ok {
			return nil, fmt.Errorf("no package %s: name it in imported", path)
		}
		return os.Open(name)
	})
}

// exports are the files of export data, by import path.
var exports = sync.OnceValue(func() map[string]string {
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "github.com/cachegen/cachegen/examples/weather"}
	for _, path := range imported {
		args = append(args, path)
	}
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		panic(err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	return files
})
