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
	// Input is the field of the arguments' struct whose value it is, Fields the way from there. It
	// is "" for literal text.
	Input  string
	Fields []string
	// Type is the value's: a string, a boolean or a number.
	Type types.Type
}

// placeholder is what stands between braces in a template.
type placeholder struct {
	name   string
	fields []string
}

// split cuts a template that is known to be well formed: doubled braces mean themselves.
func split(text string, literal func(string), value func(placeholder)) {
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
		names := strings.Split(text[1:end], ".")
		value(placeholder{names[0], names[1:]})
		text = text[end+1:]
	}
}

// Scalar reports whether values of t have a text that tells them apart: strings, booleans and
// numbers.
func Scalar(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsString|types.IsBoolean|types.IsInteger|types.IsFloat) != 0
}

// input finds the input that a placeholder names, or a field of which, and the way to that.
func (p *Plan) input(h placeholder) (in *Input, fields []string) {
	path := append([]string{h.name}, h.fields...)
	for n := len(path); n > 0; n-- {
		for i, in := range p.Inputs {
			if in.Name() == strings.Join(path[:n], ".") {
				return &p.Inputs[i], path[n:]
			}
		}
	}
	return nil, nil
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
		}, func(h placeholder) { t = append(t, c.fill(p, h)) })
		p.Tags = append(p.Tags, t)
	}
}

func (c *checker) fill(p *Plan, h placeholder) Part {
	in, fields := p.input(h)
	if in == nil {
		c.optionf(p, "tags", "{%s} is no input: tags are filled in with keyed parameters%s", h.name, orKey(p))
		return Part{}
	}
	part := Part{Input: in.Field, Fields: fields, Type: in.Type}
	for _, name := range fields {
		o, _, _ := types.LookupFieldOrMethod(part.Type, true, c.pkg, name)
		f, ok := o.(*types.Var)
		if !ok {
			c.optionf(p, "tags", "{%s.%s}: %s has no field %s", h.name, strings.Join(h.fields, "."), short(part.Type, c.pkg), name)
			return Part{}
		}
		if passesPointer(part.Type, name, c.pkg) {
			c.optionf(p, "tags", "{%s.%s}: a pointer is on the way to %s, which can be nil", h.name, strings.Join(h.fields, "."), name)
			return Part{}
		}
		part.Type = f.Type()
	}
	if !Scalar(part.Type) {
		c.optionf(p, "tags", "{%s} is a %s: tags are filled in with strings, booleans and numbers",
			strings.Join(append([]string{h.name}, h.fields...), "."), short(part.Type, c.pkg))
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

// target checks what the target option is filled in with: values whose text tells them apart.
func (c *checker) target(p *Plan) {
	o := &p.Function.Options
	if o.Target == "" {
		return
	}
	for _, in := range p.Inputs {
		c.scalar(p, in.Name(), in.Type)
	}
	for i, k := range p.Vary {
		c.scalar(p, o.Vary[i].Obj.Name(), k.Type)
	}
}

func (c *checker) scalar(p *Plan, name string, t types.Type) {
	if !Scalar(t) {
		c.optionf(p, "target", "{%s} is a %s: targets are filled in with strings, booleans and numbers; say with key= what names the result",
			name, short(t, c.pkg))
	}
}
