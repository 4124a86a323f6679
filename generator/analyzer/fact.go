package analyzer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/cachegen/cachegen/internal/sources"
)

// Sources exports a digest of the code of each package and of all that it imports, without the
// standard library. Drivers like go vet look at a package again when its files or the facts of its
// imports changed: this fact makes them do so when a function body changed anywhere below.
var Sources = &analysis.Analyzer{
	Name:      "cachegensources",
	Doc:       "export digests of packages, for cachegen",
	Run:       digest,
	FactTypes: []analysis.Fact{new(Digest)},
}

// Digest is the fact of [Sources].
type Digest struct{ Sum string }

// AFact marks a fact.
func (*Digest) AFact() {}

// String is the fact as drivers print it.
func (d *Digest) String() string { return "sources " + d.Sum }

func digest(pass *analysis.Pass) (any, error) {
	if pass.Module == nil { // the standard library
		return nil, nil
	}
	h := sha256.New()
	if state, err := sources.Read(directory(pass)); err == nil {
		fmt.Fprintln(h, state.Digest)
	}
	imports := slices.SortedFunc(slices.Values(pass.Pkg.Imports()), func(a, b *types.Package) int {
		return strings.Compare(a.Path(), b.Path())
	})
	for _, p := range imports {
		var d Digest
		if pass.ImportPackageFact(p, &d) {
			fmt.Fprintf(h, "%q %s\n", p.Path(), d.Sum)
		}
	}
	pass.ExportPackageFact(&Digest{hex.EncodeToString(h.Sum(nil)[:16])})
	return nil, nil
}

// directory returns the directory of the package's sources. What cgo makes of them is elsewhere,
// and says where it comes from.
func directory(pass *analysis.Pass) string {
	for _, file := range pass.Files {
		name := pass.Fset.Position(file.Package).Filename
		if filepath.IsAbs(name) && !strings.HasPrefix(filepath.Base(name), "_cgo_") {
			return filepath.Dir(name)
		}
	}
	return ""
}
