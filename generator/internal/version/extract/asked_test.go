package extract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
)

// TestCodecAsks checks that the packages which encode keys and results ask values for no methods but those in [encoding]. A protobuf message may be asked for
// any.
func TestCodecAsks(t *testing.T) {
	asked := map[string]string{}
	for _, dir := range []string{"internal/types", "internal/codec", "internal/canon", "internal/target", "cacheimpl"} {
		names, err := filepath.Glob(filepath.Join(fixture.Root(t), "runtime", dir, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("no files in %s: %v", dir, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, method := range methodsAskedIn(file) {
				asked[method] = name
			}
		}
	}
	if len(asked) < 5 {
		t.Fatalf("only %v are asked for", asked)
	}
	for method, name := range asked {
		if method != isMessage && !slices.Contains(encoding, method) {
			t.Errorf("%s asks for %s, which does not count for a value that is only encoded", name, method)
		}
	}
}

// methodsAskedIn are the methods of interfaces that a file has or takes from package encoding, and those that it looks up by their names.
func methodsAskedIn(file *ast.File) []string {
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.InterfaceType:
			for _, m := range n.Methods.List {
				for _, name := range m.Names {
					found = append(found, name.Name)
				}
			}
		case *ast.SelectorExpr:
			if p, ok := n.X.(*ast.Ident); ok && p.Name == "encoding" {
				form, verb := strings.TrimSuffix(n.Sel.Name, "Marshaler"), "Marshal"
				if of, ok := strings.CutSuffix(n.Sel.Name, "Unmarshaler"); ok {
					form, verb = of, "Unmarshal"
				}
				found = append(found, verb+form)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "MethodByName" {
				if name, ok := n.Args[0].(*ast.BasicLit); ok {
					text, _ := strconv.Unquote(name.Value)
					found = append(found, text)
				}
			}
		}
		return true
	})
	return found
}
