package model

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/directive"
)

// drop applies the option drop: results that are not kept.
func (b *functionBuilder) drop() {
	for _, item := range b.items("drop") {
		if v := b.value(item.Text); v != nil {
			v.Dropped = true
			continue
		}
		b.noResult(item)
	}
	kept := len(b.f.Kept())
	if items := b.items("drop"); kept == 0 && len(b.f.Values) > 0 {
		b.errorf(items[0].Pos, "drop: nothing would be left to keep: %s has no other result", b.f.Obj.Name())
		for _, v := range b.f.Values {
			v.Dropped = false
		}
	}
	if kept < 2 {
		b.f.Results = ""
	}
}

// noResult reports that drop names none of the results, or more than one.
func (b *functionBuilder) noResult(item directive.Item) {
	name, names := b.f.Obj.Name(), []string{}
	for _, v := range b.f.Values {
		if valueName(v) == item.Text {
			b.errorf(item.Pos, "drop: %s has several results %s: give them names", name, item.Text)
			return
		}
		names = append(names, cmp.Or(b.f.DropName(v), b.typeString(v.Var.Type())))
	}
	b.errorf(item.Pos, "drop: %s has no result %s%s; there are %s", name, item.Text,
		directive.DidYouMean(directive.Nearest(item.Text, slices.Values(names))), strings.Join(names, ", "))
}

// value finds the result that drop calls so; nil if there is none.
func (b *functionBuilder) value(name string) *Value {
	for _, v := range b.f.Values {
		if b.f.DropName(v) == name {
			return v
		}
	}
	return nil
}

// DropName is what the option drop calls a result: its name, or where it has none that of its type,
// as long as no other result is called so. It is "" if the result has to have a name first.
func (f *Function) DropName(v *Value) string {
	name := valueName(v)
	for _, other := range f.Values {
		if other != v && valueName(other) == name {
			return ""
		}
	}
	return name
}

// valueName is the name of a result, or of its type; "" if neither has one.
func valueName(v *Value) string {
	if name := v.Var.Name(); name != "" && name != "_" {
		return name
	}
	for t := v.Var.Type(); ; {
		switch u := t.(type) {
		case interface{ Obj() *types.TypeName }: // declared, an alias, a type parameter
			return u.Obj().Name()
		case *types.Basic:
			return u.Name()
		case interface{ Elem() types.Type }:
			t = u.Elem()
		default:
			return ""
		}
	}
}

// types applies the option types.
func (b *functionBuilder) types() {
	for _, item := range b.items("types") {
		name, pointer := strings.CutPrefix(item.Text, "*")
		obj, ok := b.lookupObject("types", directive.Item{Text: name, Pos: item.Pos}).(*types.TypeName)
		if !ok {
			continue
		}
		t := obj.Type()
		if n, ok := types.Unalias(t).(*types.Named); ok && n.TypeParams().Len() > 0 || types.IsInterface(t) {
			b.errorf(item.Pos, "types: %s is an interface or generic: name the types of values", name)
			continue
		}
		if pointer {
			t = types.NewPointer(t)
		}
		b.f.Options.Types = append(b.f.Options.Types, t)
	}
}
