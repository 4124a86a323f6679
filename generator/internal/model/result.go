package model

import (
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
		b.errorf(item.Pos, "drop: %s has no result %s%s; there are %s", b.f.Obj.Name(), item.Text,
			directive.DidYouMean(directive.Nearest(item.Text, slices.Values(b.valueNames()))), strings.Join(b.valueNames(), ", "))
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

// value finds a result by its name, or where it has none by its type's; nil if there is none.
func (b *functionBuilder) value(name string) *Value {
	names := b.valueNames()
	if i := slices.Index(names, name); i >= 0 && !slices.Contains(names[i+1:], name) {
		return b.f.Values[i]
	}
	return nil
}

// valueNames are what drop can call the results.
func (b *functionBuilder) valueNames() []string {
	var names []string
	for _, v := range b.f.Values {
		name := v.Var.Name()
		if name == "" || name == "_" {
			t := b.typeString(v.Var.Type())
			name = t[strings.LastIndexAny(t, "*].")+1:]
		}
		names = append(names, name)
	}
	return names
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
