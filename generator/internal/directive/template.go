package directive

import (
	"fmt"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Part is a part of a template: literal text, or a placeholder.
type Part struct {
	// Literal is text as it is, braces unescaped; "" for a placeholder.
	Literal string
	// Name is the placeholder's: {Name}, {Name.Fields…}, {Name:Layout}. A field can be a method of
	// a key's part: {repo.Owner()}.
	Name   string
	Fields []string
	Layout string
	// Pos is where the literal or the placeholder's name begins.
	Pos token.Position
}

// Path is the placeholder's name with the fields that follow: repo.Owner().
func (p Part) Path() string { return strings.Join(append([]string{p.Name}, p.Fields...), ".") }

// Placeholder reports whether the part is filled in.
func (p Part) Placeholder() bool { return p.Name != "" }

// parseTemplate cuts w into its parts. Braces that mean themselves are doubled.
func parseTemplate(w word, position func(offset int) token.Position) ([]Part, error) {
	var parts []Part
	literal := func(text word) {
		if text.text == "" {
			return
		}
		if n := len(parts); n > 0 && !parts[n-1].Placeholder() {
			parts[n-1].Literal += text.text
			return
		}
		parts = append(parts, Part{Literal: text.text, Pos: position(text.at[0])})
	}
	for w.text != "" {
		i := strings.IndexAny(w.text, "{}")
		if i < 0 {
			literal(w)
			break
		}
		literal(w.to(i))
		brace := w.from(i)
		if strings.HasPrefix(brace.text, "{{") || strings.HasPrefix(brace.text, "}}") {
			literal(brace.to(1))
			w = brace.from(2)
			continue
		}
		end := strings.IndexAny(brace.text[1:], "{}") + 1
		if brace.text[0] == '}' || end == 0 || brace.text[end] == '{' {
			msg := fmt.Sprintf("the brace has no partner in %q; a brace that means itself is doubled", w.text)
			return nil, &syntaxError{brace.at[0], msg}
		}
		part, err := parsePlaceholder(brace.to(end).from(1), position)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		w = brace.from(end + 1)
	}
	return parts, nil
}

// parsePlaceholder reads what stands between braces.
func parsePlaceholder(w word, position func(offset int) token.Position) (Part, error) {
	path, layout, timed := strings.Cut(w.text, ":")
	names := strings.Split(path, ".")
	for i, name := range names {
		if i > 0 {
			name = strings.TrimSuffix(name, "()")
		}
		if name == "_" || !token.IsIdentifier(name) && !token.IsKeyword(name) { // {func}
			msg := fmt.Sprintf("{%s} is no placeholder: write {param}, {param.Field} or {date:2006-01-02}", w.text)
			return Part{}, &syntaxError{w.at[0], msg}
		}
	}
	switch {
	case timed && layout == "":
		return Part{}, &syntaxError{w.at[0], fmt.Sprintf("{%s} has an empty layout", w.text)}
	case strings.ContainsAny(layout, `/\`):
		return Part{}, &syntaxError{w.at[0], fmt.Sprintf("the layout of {%s} has a slash: write {date:2006}/{date:01}", w.text)}
	}
	return Part{Name: names[0], Fields: names[1:], Layout: layout, Pos: position(w.at[0])}, nil
}

// unprintable returns the offset of the first character of s that can't be seen, or -1.
func unprintable(s string) int {
	return strings.IndexFunc(s, func(c rune) bool { return !unicode.IsGraphic(c) || c == utf8.RuneError })
}
