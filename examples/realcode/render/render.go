// Package render renders texts with functional options: they are applied before the cache is asked,
// for functions have no key.
package render

import (
	"strings"
)

// Option says how to render.
type Option func(*settings)

// settings are what options come to: data.
type settings struct {
	Width int
	Bold  bool
}

// Width breaks lines at so many characters.
func Width(n int) Option { return func(s *settings) { s.Width = n } }

// Bold marks the text.
func Bold() Option { return func(s *settings) { s.Bold = true } }

// Text renders a text.
func Text(text string, opts ...Option) string {
	s := settings{Width: 80}
	for _, apply := range opts {
		apply(&s)
	}
	return cachedRender(text, s)
}

//cache:auto
func render(text string, s settings) string {
	var b strings.Builder
	column := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case column == 0:
		case column+1+len(word) > s.Width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	if s.Bold {
		return "*" + b.String() + "*"
	}
	return b.String()
}
