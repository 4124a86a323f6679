package model

import (
	"bytes"
	"go/parser"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/internal/regular"
)

// strays reports directives where they have no effect: in _test.go files, and in files that the
// platform leaves out.
func (b *packageBuilder) strays() {
	for _, name := range b.pkg.TestGoFiles {
		b.parseStray(name)
	}
	for _, name := range b.pkg.IgnoredFiles {
		if file := b.parseStray(name); file != nil {
			for _, d := range file.Functions {
				b.diags.Warnf(d.Pos, directive.Category,
					"nothing is generated for %s: its file is left out on linux/amd64 without cgo and with these -tags", d.Decl.Name.Name)
			}
		}
	}
}

// parseStray reads the directives of a file that isn't loaded; nil if it can't have any. A file
// that doesn't parse is for those who compile it.
func (b *packageBuilder) parseStray(name string) *directive.File {
	if !strings.HasSuffix(name, ".go") {
		return nil
	}
	src, err := regular.ReadFile(name)
	if err != nil || !bytes.Contains(bytes.ToLower(src), []byte("cache")) {
		return nil
	}
	syntax, err := parser.ParseFile(b.prog.Fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	return directive.Parse(b.prog.Fset, syntax, b.diags)
}
