package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/cachegen/cachegen/generator"
)

// reporter reports what the generator says at the places that the pass knows.
type reporter struct {
	pass  *analysis.Pass
	dir   string
	files map[string]*ast.File // by base name
}

func newReporter(pass *analysis.Pass) *reporter {
	r := &reporter{pass: pass, dir: directory(pass), files: map[string]*ast.File{}}
	for _, file := range pass.Files {
		if f := pass.Fset.File(file.FileStart); sameDir(filepath.Dir(f.Name()), r.dir) {
			r.files[filepath.Base(f.Name())] = file
		}
	}
	return r
}

func sameDir(a, b string) bool {
	if a == b {
		return true
	}
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// file returns the syntax of a file, nil if the pass does not have it.
func (r *reporter) file(name string) *ast.File {
	file := r.files[filepath.Base(name)]
	if file == nil || !sameDir(filepath.Dir(name), r.dir) {
		return nil
	}
	return file
}

// pos returns the place in the pass's files, which is nowhere for other files.
func (r *reporter) pos(p token.Position) token.Pos {
	file := r.file(p.Filename)
	if file == nil {
		return token.NoPos
	}
	f := r.pass.Fset.File(file.FileStart)
	if p.Line < 1 || p.Line > f.LineCount() {
		return token.NoPos
	}
	return min(f.LineStart(p.Line)+token.Pos(max(p.Column-1, 0)), token.Pos(f.Base()+f.Size()))
}

// diagnostic reports what is in a file of the pass there, and about other files what no other pass
// reports: at the package clause.
func (r *reporter) diagnostic(d generator.Diagnostic) {
	pos := r.pos(d.Pos)
	if pos.IsValid() {
		r.pass.Report(analysis.Diagnostic{Pos: pos, End: r.end(d, pos), Category: d.Category, Message: d.Message})
		return
	}
	message := d.Message
	if d.Pos.IsValid() {
		message = fmt.Sprintf("%s:%d: %s", filepath.Base(d.Pos.Filename), d.Pos.Line, message)
	}
	if !strings.HasSuffix(d.Pos.Filename, "_test.go") {
		r.clause(d.Category, message)
	}
}

func (r *reporter) end(d generator.Diagnostic, pos token.Pos) token.Pos {
	if end := r.pos(d.End); end > pos {
		return end
	}
	return token.NoPos
}

// clause reports something about the package as a whole, in its own code rather than in generated
// code. A pass over its external tests reports nothing.
func (r *reporter) clause(category, message string) {
	at := token.NoPos
	for _, file := range r.pass.Files {
		name := filepath.Base(r.pass.Fset.File(file.FileStart).Name())
		if strings.HasSuffix(name, "_test.go") || r.files[name] != file {
			continue
		}
		if at = file.Package; !ast.IsGenerated(file) {
			break
		}
	}
	if at.IsValid() {
		r.pass.Report(analysis.Diagnostic{Pos: at, Category: category, Message: message})
	}
}

const staleCategory = "stale"

// stale reports generated files that are not what they should be: at the directives of the
// functions whose code changed, or at the package clause where it is something else.
func (r *reporter) stale(result *generator.Result) {
	var there strings.Builder
	var changed []generator.File
	for _, f := range result.Files {
		there.Write(f.Old)
		if f.Changed() {
			changed = append(changed, f)
		}
	}
	if len(changed) == 0 {
		return
	}
	found := false
	for _, fn := range result.Functions {
		if fn.Version != "" && !strings.Contains(there.String(), strconv.Quote(fn.Version)) {
			found = true
			r.function(fn, there.String())
		}
	}
	if found {
		return
	}
	for _, f := range changed {
		r.clause(staleCategory, filepath.Base(f.Path)+": "+f.Reason()+"; run cachegen")
	}
}

// function reports that generated code doesn't know the code of a function.
func (r *reporter) function(fn generator.Function, there string) {
	name := fn.Wrapper[strings.LastIndexByte(fn.Wrapper, '.')+1:]
	message := fn.Wrapper + " is not generated yet; run cachegen"
	if regexp.MustCompile(`\b` + name + `\b`).MatchString(there) {
		message = fmt.Sprintf("the code behind %s changed since it was generated; run cachegen", fn.Wrapper)
	}
	pos := r.directive(fn)
	if !pos.IsValid() {
		r.clause(staleCategory, message)
		return
	}
	r.pass.Report(analysis.Diagnostic{Pos: pos, Category: staleCategory, Message: message})
}

// directive returns the place of a function's directive.
func (r *reporter) directive(fn generator.Function) token.Pos {
	at := r.pos(token.Position{Filename: fn.File, Line: fn.Line})
	file := r.file(fn.File)
	if file == nil || !at.IsValid() {
		return token.NoPos
	}
	line := r.pass.Fset.PositionFor(at, false).Line
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Doc == nil || r.pass.Fset.PositionFor(f.Name.Pos(), false).Line != line {
			continue
		}
		for _, c := range f.Doc.List {
			if isDirective(c) {
				return c.Slash
			}
		}
	}
	return at
}
