package model

import (
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/directive"
)

// refer resolves a function that an option names: fn of the same package, or pkg.Fn of one that the
// directive's file imports; nil if there is none with the wanted signature.
func (b *functionBuilder) refer(option string, item directive.Item, wanted signature) *FuncRef {
	obj := b.lookup(option, item)
	if obj == nil {
		return nil
	}
	ref := &FuncRef{Obj: obj, Signature: obj.Signature(), Pos: item.Pos}
	if obj.Signature().TypeParams().Len() > 0 && !b.instantiate(option, item, ref) {
		return nil
	}
	if !wanted.match(ref.Signature, ref) {
		b.errorf(item.Pos, "%s: %s is %s; it has to be %s", option, item.Text, b.typeString(ref.Signature), wanted.text(b.typeString))
		return nil
	}
	return ref
}

// lookup finds the function.
func (b *functionBuilder) lookup(option string, item directive.Item) *types.Func {
	f, _ := b.lookupObject(option, item).(*types.Func)
	return f
}

// lookupObject finds what an item names: a type for the option types, otherwise a function; nil if
// there is none.
func (b *functionBuilder) lookupObject(option string, item directive.Item) types.Object {
	if qualifier, name, ok := strings.Cut(item.Text, "."); ok {
		return b.lookupImported(option, item, qualifier, name)
	}
	return b.lookupIn(option, item, b.pkg.Types, item.Text)
}

// lookupImported finds pkg.Name.
func (b *functionBuilder) lookupImported(option string, item directive.Item, qualifier, name string) types.Object {
	file := b.src.syntax
	if b.set[option].inherited {
		file = b.defaultsFile
	}
	var names []string
	for _, spec := range file.Imports {
		called, imported := b.imported(spec)
		if imported == nil {
			continue
		}
		if called == qualifier {
			return b.lookupIn(option, item, imported, name)
		}
		names = append(names, called)
	}
	b.errorf(item.Pos, "%s: the file imports no package %s%s; a blank import, _ \"path\", is enough", option, qualifier,
		directive.DidYouMean(directive.Nearest(qualifier, slices.Values(names))))
	return nil
}

// imported is the package of an import, and what the file calls it: by its own name where the
// import is blank.
func (b *packageBuilder) imported(spec *ast.ImportSpec) (string, *types.Package) {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil || b.pkg.Imports[path] == nil || b.pkg.Imports[path].Types == nil {
		return "", nil
	}
	imported := b.pkg.Imports[path].Types
	if spec.Name == nil || spec.Name.Name == "_" {
		return imported.Name(), imported
	}
	return spec.Name.Name, imported
}

// lookupIn finds a function, or a type, in a package's scope.
func (b *functionBuilder) lookupIn(option string, item directive.Item, pkg *types.Package, name string) types.Object {
	wanted, isWanted := "function", func(o types.Object) bool { _, ok := o.(*types.Func); return ok }
	if option == "types" {
		wanted, isWanted = "type", func(o types.Object) bool { _, ok := o.(*types.TypeName); return ok }
	}
	switch obj := pkg.Scope().Lookup(name); {
	case obj == nil:
		names := func(yield func(string) bool) {
			for _, n := range pkg.Scope().Names() {
				if isWanted(pkg.Scope().Lookup(n)) && (pkg == b.pkg.Types || ast.IsExported(n)) && !yield(n) {
					return
				}
			}
		}
		b.errorf(item.Pos, "%s: package %s has no %s %s%s", option, pkg.Name(), wanted, name,
			directive.DidYouMean(directive.Nearest(name, names)))
	case isWanted(obj):
		return obj
	default:
		b.errorf(item.Pos, "%s: %s is not a declared %s", option, item.Text, wanted)
	}
	return nil
}

// instantiate gives a generic function the type parameters of the function that names it: it must
// have as many, in the same order, and be content with their constraints.
func (b *functionBuilder) instantiate(option string, item directive.Item, ref *FuncRef) bool {
	own := b.f.TypeParams()
	if own.Len() != ref.Signature.TypeParams().Len() {
		b.errorf(item.Pos, "%s: %s is generic, and only a function with the same type parameters can be: %s has %d, it has %d",
			option, item.Text, b.f.Obj.Name(), own.Len(), ref.Signature.TypeParams().Len())
		return false
	}
	var args []types.Type
	for p := range own.TypeParams() {
		args = append(args, p)
	}
	t, err := types.Instantiate(nil, ref.Signature, args, true)
	if err != nil {
		b.errorf(item.Pos, "%s: %s can't have the type parameters of %s: %s", option, item.Text, b.f.Obj.Name(), err)
		return false
	}
	ref.Signature, ref.Generic = t.(*types.Signature), true
	return true
}
