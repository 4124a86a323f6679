package model

import (
	"go/ast"
	"go/build/constraint"
	"path/filepath"
	"strings"
)

// buildConstraint is what a file's constraint lines and name say about the targets that it is for,
// as one expression; "" for all.
func buildConstraint(name string, file *ast.File) string {
	all := lines(file, constraint.IsGoBuild)
	if all == nil { // the older form, which holds where it is alone
		all = lines(file, constraint.IsPlusBuild)
	}
	for _, tag := range nameTags(name) {
		all = both(all, &constraint.TagExpr{Tag: tag})
	}
	if all == nil {
		return ""
	}
	return all.String()
}

// lines joins the constraint lines of a kind before a file's package clause. Those right before it
// are its doc comment.
func lines(file *ast.File, isConstraint func(string) bool) constraint.Expr {
	var all constraint.Expr
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			break
		}
		for _, c := range group.List {
			if isConstraint(c.Text) && (group != file.Doc || constraint.IsGoBuild(c.Text)) {
				if x, err := constraint.Parse(c.Text); err == nil {
					all = both(all, x)
				}
			}
		}
	}
	return all
}

func both(x, y constraint.Expr) constraint.Expr {
	if x == nil {
		return y
	}
	return &constraint.AndExpr{X: x, Y: y}
}

// nameTags are the operating system and architecture in a file's name: *_GOOS, *_GOARCH,
// *_GOOS_GOARCH. What stands before the first underscore is never one of them.
func nameTags(name string) []string {
	base, _, _ := strings.Cut(filepath.Base(name), ".")
	_, rest, _ := strings.Cut(base, "_")
	words := strings.Split(rest, "_")
	last := len(words) - 1
	switch {
	case last >= 1 && systems[words[last-1]] && architectures[words[last]]:
		return words[last-1:]
	case systems[words[last]] || architectures[words[last]]:
		return words[last:]
	}
	return nil
}

// systems and architectures are those that the go command ever knew (internal/syslist): names of
// the past constrain files too.
var (
	systems = wordSet(`aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos`)

	architectures = wordSet(`386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le
		ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm`)
)

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		m[word] = true
	}
	return m
}
