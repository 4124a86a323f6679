package load

import (
	"go/parser"
	"go/token"
	"path/filepath"

	"golang.org/x/tools/go/packages"

	"github.com/cachegen/cachegen/internal/regular"
)

// damagedIn returns an empty file in place of each file that cachegen wrote and that keeps the go
// command from understanding its package: it was cut off, a merge left conflict markers in it, its
// package is called something else by now, or what it imports is gone.
func (cfg Config) damagedIn(found []*packages.Package) map[string][]byte {
	damaged := map[string][]byte{}
	packages.Visit(found, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			if name := cfg.absolute(parsePosition(e.Pos)).Filename; name != "" {
				if src, err := regular.ReadFile(name); err == nil && isOwn(name, src) {
					damaged[name] = nil
				}
			}
		}
		if len(p.Errors) > 0 {
			for _, name := range ownFiles(packageDir(p)) {
				if src, _ := regular.ReadFile(name); !readable(name, src) {
					damaged[name] = nil
				}
			}
		}
	})
	for name := range damaged {
		damaged[name] = []byte(generatedHeader + "\n\npackage " + packageName(filepath.Dir(name)) + "\n")
	}
	return damaged
}

// ownFiles are the files in a directory that cachegen wrote.
func ownFiles(dir string) []string {
	var own []string
	names, _ := filepath.Glob(filepath.Join(globEscape(dir), "*"+generatedSuffix))
	for _, name := range names {
		if src, err := regular.ReadFile(name); dir != "" && err == nil && isOwn(name, src) {
			own = append(own, name)
		}
	}
	return own
}

// readable reports whether the go command can read the beginning of a file, and finds its package's
// name there.
func readable(name string, src []byte) bool {
	file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
	return err == nil && file.Name.Name == packageName(filepath.Dir(name))
}

// packageName is the package name in the user's files of a directory.
func packageName(dir string) string {
	names, _ := filepath.Glob(filepath.Join(globEscape(dir), "*.go"))
	for _, name := range names {
		src, err := regular.ReadFile(name)
		if err != nil || isOwn(name, src) {
			continue
		}
		file, _ := parser.ParseFile(token.NewFileSet(), name, src, parser.PackageClauseOnly)
		if file != nil && file.Name.Name != "_" && !isTest(name) {
			return file.Name.Name
		}
	}
	return "main"
}

func isTest(name string) bool {
	ok, _ := filepath.Match("*_test.go", filepath.Base(name))
	return ok
}
