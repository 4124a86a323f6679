package memory

import (
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// FieldLocation is the name of the location of a field of a struct of the user's.
func FieldLocation(t *types.Named, f *types.Var, isLocal func(path string) bool) string {
	x := namer(isLocal)
	x.ownersOf(f.Pkg())
	owner, ok := x.owners[f.Origin()]
	if !ok {
		owner = x.typeKey(t.Origin())
	}
	return facts.FieldLocation + owner + "." + f.Name()
}

// MapLocation is the name of the location of the entries of maps of a type.
func MapLocation(m *types.Map, isLocal func(path string) bool) string {
	return facts.MapLocation + namer(isLocal).typeKey(m)
}

// namer is an extractor that names types and extracts nothing.
func namer(isLocal func(path string) bool) *extractor {
	return &extractor{
		Package: Package{IsLocal: isLocal}, keys: map[types.Type]string{}, owners: map[*types.Var]string{}, owned: map[*types.Package]bool{},
	}
}
