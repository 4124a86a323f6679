package check

import (
	"go/types"
	"strings"
)

// Template is text with values of inputs filled in.
type Template []Part

// Part is a part of a template: literal text, or a value.
type Part struct {
	Literal string
	// Input is the field of the arguments' struct whose value it is, Fields the way from there. It is "" for literal text.
	Input  string
	Fields []string
	// Type is the value's: a string, a boolean or a number.
	Type types.Type
}

// Placeholder is what stands between braces in a template.
type Placeholder struct {
	Name   string
	Fields []string
	Layout string
}

// split cuts a template that is known to be well formed: doubled braces mean themselves.
func split(text string, literal func(string), value func(Placeholder)) {
	for text != "" {
		i := strings.IndexAny(text, "{}")
		if i < 0 {
			literal(text)
			return
		}
		if i > 0 {
			literal(text[:i])
			text = text[i:]
		}
		end := strings.IndexByte(text, '}')
		if strings.HasPrefix(text, "{{") || strings.HasPrefix(text, "}}") || end < 0 {
			literal(text[:1])
			text = text[min(2, len(text)):]
			continue
		}
		path, layout, _ := strings.Cut(text[1:end], ":")
		names := strings.Split(path, ".")
		value(Placeholder{names[0], names[1:], layout})
		text = text[end+1:]
	}
}

// Scalar reports whether values of t have a text that tells them apart: strings, booleans and numbers.
func Scalar(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsString|types.IsBoolean|types.IsInteger|types.IsFloat) != 0
}

// input finds the input that a template calls name.
func (p *Plan) input(name string) *Input {
	for i, in := range p.Inputs {
		if in.Param == nil && name == "key" || in.Param != nil && in.Param.Var.Name() == name {
			return &p.Inputs[i]
		}
	}
	return nil
}

// templates resolves the placeholders of the tags option.
func (c *checker) templates(p *Plan) {
	for _, tag := range p.Function.Options.Tags {
		var t Template
		split(tag, func(text string) {
			if n := len(t); n > 0 && t[n-1].Input == "" {
				t[n-1].Literal += text
				return
			}
			t = append(t, Part{Literal: text})
		}, func(h Placeholder) { t = append(t, c.fill(p, h)) })
		p.Tags = append(p.Tags, t)
	}
}

func (c *checker) fill(p *Plan, h Placeholder) Part {
	in := p.input(h.Name)
	if in == nil {
		c.optionf(p, "tags", "{%s} is no input: tags are filled in with keyed parameters%s", h.Name, orKey(p))
		return Part{}
	}
	part := Part{Input: in.Field, Fields: h.Fields, Type: in.Type}
	for _, name := range h.Fields {
		o, _, _ := types.LookupFieldOrMethod(part.Type, true, c.pkg, name)
		f, ok := o.(*types.Var)
		if !ok {
			c.optionf(p, "tags", "{%s.%s}: %s has no field %s", h.Name, strings.Join(h.Fields, "."), short(part.Type, c.pkg), name)
			return Part{}
		}
		if passesPointer(part.Type, name, c.pkg) {
			c.optionf(p, "tags", "{%s.%s}: a pointer is on the way to %s, which can be nil", h.Name, strings.Join(h.Fields, "."), name)
			return Part{}
		}
		part.Type = f.Type()
	}
	if !Scalar(part.Type) {
		c.optionf(p, "tags", "{%s} is a %s: tags are filled in with strings, booleans and numbers",
			strings.Join(append([]string{h.Name}, h.Fields...), "."), short(part.Type, c.pkg))
	}
	return part
}

// passesPointer reports whether the field called name is reached through a pointer.
func passesPointer(t types.Type, name string, pkg *types.Package) bool {
	_, _, indirect := types.LookupFieldOrMethod(t, true, pkg, name)
	return indirect
}

func orKey(p *Plan) string {
	if p.Function.Options.Key != nil {
		return " or, with a key function, {key}"
	}
	return ""
}

// target checks what the target option is filled in with: values whose text tells them apart, and all of them.
func (c *checker) target(p *Plan) {
	o := &p.Function.Options
	if o.Target == "" {
		return
	}
	filled := map[string]bool{}
	split(o.Target, func(string) {}, func(h Placeholder) { filled[h.Name] = true })
	for _, in := range p.Inputs {
		name := "key"
		if in.Param != nil {
			name = in.Param.Var.Name()
		}
		switch {
		case !filled[name]:
			c.optionf(p, "target", "{%s} is missing: every keyed input must be in the target, or two results share it", name)
		case !Scalar(in.Type):
			c.optionf(p, "target", "{%s} is a %s: targets are filled in with strings, booleans and numbers; say with key= what names the result",
				name, short(in.Type, c.pkg))
		}
	}
	for i, v := range o.Vary {
		if t := v.Obj.Signature().Results().At(0).Type(); filled[v.Obj.Name()] && !Scalar(t) {
			c.optionf(p, "target", "{%s} is a %s: targets are filled in with strings, booleans and numbers", v.Obj.Name(), short(t, c.pkg))
		} else if !filled[v.Obj.Name()] {
			c.optionf(p, "target", "{%s} is missing: what results vary by must be in the target, or two results share it", o.Vary[i].Obj.Name())
		}
	}
}
