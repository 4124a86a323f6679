package model

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/generator/internal/naming"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// KeyPart is an input that the option key takes from a parameter: all of it, a field, or what a
// method without arguments returns.
type KeyPart struct {
	Param *Param
	// Steps lead from the parameter to the part; none if the part is the parameter.
	Steps []Step
	// Text is the part as the directive says it: repo.Owner().
	Text string
	Type types.Type
	// CanPanic says that there is a method or a pointer on the way.
	CanPanic bool
	// Field is its field in the arguments' struct.
	Field string
	Pos   token.Position
}

// Step is a step from a value to one of its fields, or to what one of its methods returns.
type Step struct {
	Name string
	// Method is nil for a field. Of is the interface whose method it is, or nil.
	Method *types.Func
	Of     *types.Interface
}

// keyFunction makes of a key that names a function an item of kind Func. The name of a parameter is
// never one of a function, as in Go.
func (b *functionBuilder) keyFunction() {
	one, ok := b.set["key"]
	if !ok || len(one.Items) != 1 {
		return
	}
	item := one.Items[0]
	isCall := func(s directive.Step) bool { return s.Call }
	if b.param(item.Path[0].Name) != nil || len(item.Path) > 2 || slices.ContainsFunc(item.Path, isCall) {
		return
	}
	item, err := item.Function()
	if err != nil {
		b.errorf(item.Pos, "key: %s", err)
		delete(b.set, "key")
		return
	}
	arg := *one.Arg
	arg.Items = []directive.Item{item}
	b.set["key"] = setting{&arg, one.inherited}
}

// key applies the option key. What it does not name as a whole is a dependency.
func (b *functionBuilder) key() {
	if !b.set.flag("key") {
		return
	}
	o := &b.f.Options
	if o.Key = b.reference("key", b.keySignature()); o.Key == nil {
		for _, item := range b.items("key") {
			if part := b.keyPart(item); part != nil {
				o.KeyParts = append(o.KeyParts, part)
			}
		}
	}
	for _, p := range b.f.All() {
		whole := func(k *KeyPart) bool { return k.Param == p && len(k.Steps) == 0 }
		switch named := slices.ContainsFunc(o.KeyParts, whole); {
		case !named:
			p.Derived = true
		case p.Ignored && stdmodel.IsContext(p.Var.Type()):
			b.errorf(b.set["key"].Pos, "key: %s is a context, which is never in a key: name what it says with vary=fn", p.Var.Name())
		case p.Ignored && p == b.f.Receiver && o.PerReceiver:
			b.errorf(b.set["key"].Pos, "key: with per=receiver the receiver is not in the key: leave it out here")
		case p.Ignored:
			b.errorf(b.set["ignore"].Pos, "ignore: key has %s in the key: leave it out of one of the two", p.Var.Name())
		}
	}
}

// keyPart resolves a part of a key; nil if it is wrong, which has been reported.
func (b *functionBuilder) keyPart(item directive.Item) *KeyPart {
	if item.Kind != directive.Path {
		return nil // a function that is wrong
	}
	first := item.Path[0]
	part := &KeyPart{Param: b.param(first.Name), Text: item.Text, Pos: item.Pos}
	if part.Param == nil {
		b.unknownParam("key", directive.Item{Text: first.Name, Pos: item.Pos})
		return nil
	}
	part.Type = part.Param.Var.Type()
	addressable := true
	for i, step := range item.Path[1:] {
		so := strings.Join(stepTexts(item.Path[:i+1]), ".")
		var ok bool
		if addressable, ok = b.keyStep(part, so, step, addressable); !ok {
			return nil
		}
	}
	return part
}

func stepTexts(steps []directive.Step) []string {
	var texts []string
	for _, s := range steps {
		if s.Call {
			s.Name += "()"
		}
		texts = append(texts, s.Name)
	}
	return texts
}

// keyStep goes one step further. so is the text of what it starts from.
func (b *functionBuilder) keyStep(part *KeyPart, so string, step directive.Step, addressable bool) (stillAddressable, ok bool) {
	from := part.Type
	object, _, indirect := types.LookupFieldOrMethod(from, addressable, b.pkg.Types, step.Name)
	switch found := object.(type) {
	case *types.Var:
		if step.Call {
			b.errorf(part.Pos, "key: %s.%s is a field: write it without ()", so, step.Name)
			return false, false
		}
		part.Steps = append(part.Steps, Step{Name: step.Name})
		part.Type, part.CanPanic = found.Type(), part.CanPanic || indirect
		return addressable || indirect, true
	case *types.Func:
		return false, b.keyMethod(part, so, step, found)
	}
	names := func(yield func(string) bool) { memberNames(from, b.pkg.Types, yield) }
	b.errorf(part.Pos, "key: %s, of type %s, has no field or method %s%s", so, b.typeString(from), step.Name,
		directive.DidYouMean(directive.Nearest(step.Name, names)))
	return false, false
}

// keyMethod takes what a method returns.
func (b *functionBuilder) keyMethod(part *KeyPart, so string, step directive.Step, m *types.Func) bool {
	sig := m.Signature()
	text := so + "." + step.Name
	switch {
	case !step.Call:
		b.errorf(part.Pos, "key: %s is a method: write %s()", text, text)
		return false
	case sig.Params().Len() > 0 || sig.Results().Len() != 1:
		b.errorf(part.Pos, "key: %s is %s; it has to be a method without parameters that returns one value", text, b.typeString(sig))
		return false
	}
	next := Step{Name: step.Name, Method: m.Origin()}
	if recv := sig.Recv().Type(); types.IsInterface(recv) {
		next.Of, _ = recv.Underlying().(*types.Interface)
	}
	if HasTypeParam(part.Type) && next.Of != nil && !b.set.flag("trust") {
		b.errorf(part.Pos, "key: %s() is a method of what a type parameter stands for, whose code is in no version; say trust if callers vouch for it", text)
		return false
	}
	part.Steps = append(part.Steps, next)
	part.Type, part.CanPanic = sig.Results().At(0).Type(), true
	return true
}

// memberNames yields the fields and methods that a step from t can name.
func memberNames(t types.Type, pkg *types.Package, yield func(string) bool) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			if (f.Exported() || f.Pkg() == pkg) && !yield(f.Name()) {
				return
			}
		}
	}
	if !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for m := range types.NewMethodSet(t).Methods() {
		if (m.Obj().Exported() || m.Obj().Pkg() == pkg) && !yield(m.Obj().Name()) {
			return
		}
	}
}

// keyFields names the fields of the parts of a key: by their last step, or by all of them where
// others end in the same.
func (b *functionBuilder) keyFields() {
	parts := b.f.Options.KeyParts
	last := func(k *KeyPart) string {
		if n := len(k.Steps); n > 0 {
			return naming.Exported(k.Steps[n-1].Name)
		}
		return naming.Exported(cmp.Or(b.blankName(k.Param), "arg"))
	}
	count := map[string]int{}
	for _, k := range parts {
		count[last(k)]++
	}
	var names []string
	for _, k := range parts {
		name := last(k)
		if count[name] > 1 {
			name = naming.Exported(cmp.Or(b.blankName(k.Param), "arg"))
			for _, s := range k.Steps {
				name += naming.Exported(s.Name)
			}
		}
		names = append(names, name)
	}
	for i, field := range naming.Fields(names, "Arg") {
		parts[i].Field = field
		if len(parts[i].Steps) == 0 {
			parts[i].Param.Field = field
		}
	}
}

// blankName is a parameter's name, or what it is called where it has none.
func (b *functionBuilder) blankName(p *Param) string {
	if name := p.Var.Name(); name != "" && name != "_" {
		return name
	}
	return b.blank(p)
}
