package generator

import (
	"bytes"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/version"
)

// Diagnostic is an error or a warning about the user's code.
type Diagnostic = diag.Diagnostic

// Result is what generation found.
type Result struct {
	// Functions are the cached functions of the packages that were asked for, by package, file and
	// line.
	Functions []Function
	// Packages are the import paths of those packages, sorted.
	Packages []string
	// Files are the generated files of those packages: as they are, and as they should be.
	Files []File
	// Broken are the import paths of those packages that have errors, sorted. Functions of theirs
	// may be missing.
	Broken []string
	// Diagnostics are sorted by position.
	Diagnostics []Diagnostic

	versions map[string]*version.Version
	// programs are the directories of local packages that can be in one program with a function.
	programs map[string][]string
}

// Function describes a cached function. Its JSON form is what cachegen list -json prints.
type Function struct {
	Name      string `json:"name"`
	Wrapper   string `json:"wrapper"`
	Namespace string `json:"namespace"`
	// Version is "" where results never leave the process: they need none.
	Version   string   `json:"version"`
	Modules   []string `json:"modules"`
	File      string   `json:"file"`
	Line      int      `json:"line"`
	Directive string   `json:"directive"`

	// Package is the import path of its package.
	Package string `json:"-"`
	// Shape identifies the types of inputs and results, Code the meaning of the code: the version
	// unless that was accepted or is overridden.
	Shape, Code string `json:"-"`
	// Linked are the string variables that the function reaches and the linker can set, by import
	// path and name.
	Linked []string `json:"-"`
}

// File is a generated file: what is on disk, and what should be.
type File struct {
	// Path is absolute.
	Path string
	// Old is nil if there is no such file, New if there should be none.
	Old, New []byte
	// Why says what changed, for files that did: "example.com/m.F has another version".
	Why string
	// Left says that the file was generated with other build tags, and is left to a run with those.
	// New is Old.
	Left bool
}

// Changed reports whether the file is not what it should be. Ends of lines as a checkout for
// Windows has them make no difference.
func (f File) Changed() bool {
	return !f.Left && ((f.Old == nil) != (f.New == nil) || !bytes.Equal(bytes.ReplaceAll(f.Old, []byte("\r\n"), []byte("\n")), f.New))
}

// Reason says in words why the file is not up to date.
func (f File) Reason() string {
	switch {
	case f.Old == nil:
		return "not generated yet"
	case f.New == nil:
		return "no function asks for it any more"
	case f.Why != "":
		return "not up to date: " + f.Why
	}
	return "not up to date"
}
