package load

import (
	"crypto/sha256"
	"go/ast"
	"go/token"
	"go/types"
	"sync"
)

// Config configures [Load].
type Config struct {
	// Dir is the directory that patterns are relative to; "" is the current one.
	Dir string
	// Patterns are package patterns as the go command takes them; none means ".".
	Patterns []string
	// Tags are build tags, added to the pinned platform's.
	Tags []string
	// Overlay replaces or adds files, by absolute path.
	Overlay map[string][]byte

	// goFlags is GOFLAGS as the go command is to have it, modFile the file that it names in place
	// of go.mod, replaced the files that it replaces: nil for one that is not there.
	goFlags, modFile string
	replaced         map[string][]byte
}

// Program is a set of packages, type-checked for the pinned platform (linux/amd64 without cgo).
type Program struct {
	// Fset has the files of the user's packages.
	Fset *token.FileSet
	// Packages are all packages by import path. Those in Order that code of wanted packages
	// mentions are type-checked.
	Packages map[string]*Package
	// Order holds packages after those they import.
	Order []*Package
	// Roots are the packages that the patterns match, by path.
	Roots []*Package
}

// Module is a module as the go command sees it.
type Module struct {
	Path, Version, Dir, GoVersion string
	Main                          bool
	Replace                       *Module
	// Vendored says that its packages are read from a vendor directory.
	Vendored bool
	// Local says that its code is the user's own and counts by definition, not by version: a main
	// module, a workspace's module, one replaced by a directory.
	Local bool
}

// Package is a package with its declarations and, where it is [Package.Local] and wanted, its
// syntax and types.Info.
type Package struct {
	Path, Name, Dir string
	Module          *Module // nil in the standard library
	Standard        bool
	Root            bool
	// runtime says that the package is the cache's own: [naming.ImplPath] or imported by it.
	runtime bool

	// GoFiles are the files that the platform compiles, OtherFiles the assembly, C and header files,
	// IgnoredFiles the Go and other files that the platform leaves out, EmbedFiles all that its
	// //go:embed patterns match. All absolute.
	GoFiles, OtherFiles, IgnoredFiles, EmbedFiles []string
	EmbedPatterns                                 []string
	TestGoFiles                                   []string
	// Included are files of other directories that its assembly or C takes in; only where the
	// package is Local.
	Included []string
	// Generated are the files that cachegen wrote and the platform compiles. They are in none of the
	// others.
	Generated []string

	// Imports are the imported packages by the path that is written in the source.
	Imports map[string]*Package

	// Syntax holds the files in the order of GoFiles, comments included; nil unless Local.
	// Functions have bodies if Info is there.
	Syntax []*ast.File
	// Stubs are the files that declare what will be generated; nil unless wanted.
	Stubs []*ast.File
	Types *types.Package
	Info  *types.Info // nil unless wanted
	// Cgo are files that need cgo, which the platform is without, of a package that does not compile
	// without them. They are in Info, too.
	Cgo []*ast.File
	// Errors are the errors of listing, parsing and type-checking this package.
	Errors []Error

	// Unsound says that the package was not type-checked as it is built: a generated name is taken,
	// and types and objects may be missing, or it is nothing without files that need cgo. Its
	// functions may do anything.
	Unsound bool
	// contents are those of GoFiles, of packages that are Local.
	contents map[string][]byte
	// content is the digest of all files.
	content [sha256.Size]byte
	surface surface
	// elsewhere are the types that files for other builds declare, once somebody asked.
	elsewhere     map[string]bool
	elsewhereOnce sync.Once
	// listErrors are how many of the errors are from listing.
	listErrors int

	// Wrappers maps the stub objects (functions, methods, controls, argument types) that stand for
	// what will be generated in this package to the function that they wrap.
	Wrappers map[types.Object]*types.Func
}

// HasDirectives reports whether a package of the user's may have directives, right or wrong, that
// somebody must look at.
func (p *Package) HasDirectives() bool { return p.surface.Stubbed || p.surface.Mentions }

// HasFiles reports whether the package has Go files, for any platform.
func (p *Package) HasFiles() bool { return len(p.GoFiles)+len(p.IgnoredFiles) > 0 }

// Local reports whether the package counts by its definitions, because it belongs to a local
// module. The cache's own packages never do, wherever they are: what a wrapper returns is what its
// function returned, whichever release of the cache is between.
func (p *Package) Local() bool { return p.Module != nil && p.Module.Local && !p.runtime }

// Error is an error of a package, in the compiler's words.
type Error struct {
	Pos token.Position // zero if unknown
	Msg string
	// Type says that the type checker found it.
	Type bool
}
