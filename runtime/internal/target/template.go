package target

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/cachegen/cachegen/runtime/store"
)

// SyntaxError says what is wrong with a template, and at which byte.
type SyntaxError struct {
	Template string
	Offset   int
	Reason   string
}

// Error says where in the template the mistake is, and what it is.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("target %q: at byte %d: %s", e.Template, e.Offset, e.Reason)
}

// Template is a parsed template. It is immutable.
type Template struct {
	parts []part
	signs string // that stand between two placeholders
	// Format is what the template's ending says.
	Format Format
}

// part is text, or a placeholder if it has a name.
type part struct {
	text   string
	name   string
	layout string
	offset int
}

// Parse parses a template. Its error is a [*SyntaxError].
func Parse(text string) (*Template, error) {
	t := &Template{}
	if err := t.split(text); err != nil {
		return nil, err
	}
	for _, check := range []func() (int, string){t.separate, t.checkLayouts, t.checkPath, t.findFormat} {
		if offset, reason := check(); reason != "" {
			return nil, &SyntaxError{text, offset, reason}
		}
	}
	return t, nil
}

// Names returns the placeholders' names, as they stand in the template.
func (t *Template) Names() []string {
	var names []string
	for _, p := range t.parts {
		if p.name != "" {
			names = append(names, p.name)
		}
	}
	return names
}

// split makes the parts of the template. Doubled braces are text.
func (t *Template) split(text string) error {
	for at := 0; at < len(text); {
		rest := text[at:]
		n := strings.IndexAny(rest, "{}")
		switch {
		case n < 0:
			n = len(rest)
			t.add(rest, at)
		case n > 0:
			t.add(rest[:n], at)
		case strings.HasPrefix(rest, "{{"), strings.HasPrefix(rest, "}}"):
			n = 2
			t.add(rest[:1], at)
		default:
			n = strings.IndexByte(rest, '}') + 1
			p, ok := placeholder(rest[:n])
			if !ok {
				return &SyntaxError{text, at, "a brace that is no part of a placeholder such as {city} or {date:2006}; write it twice"}
			}
			p.offset = at
			t.parts = append(t.parts, p)
		}
		at += n
	}
	return nil
}

// add adds text to the last part, if that is text, or as one.
func (t *Template) add(text string, offset int) {
	if n := len(t.parts); n > 0 && t.parts[n-1].name == "" {
		t.parts[n-1].text += text
		return
	}
	t.parts = append(t.parts, part{text: text, offset: offset})
}

// placeholder parses what begins and ends with a brace.
func placeholder(text string) (part, bool) {
	text, opened := strings.CutPrefix(text, "{")
	text, closed := strings.CutSuffix(text, "}")
	name, layout, hasLayout := strings.Cut(text, ":")
	for i, word := range strings.Split(name, ".") {
		if i > 0 {
			word = strings.TrimSuffix(word, "()")
		}
		if !isName(word) {
			return part{}, false
		}
	}
	good := opened && closed && hasLayout == (layout != "") && !strings.ContainsAny(layout, `{}/\`)
	return part{name: name, layout: layout}, good
}

// isName reports whether s can be the name of a parameter, or is func.
func isName(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != "" && s != "_"
}

// separate finds the signs that separate placeholders.
func (t *Template) separate() (int, string) {
	for i, p := range t.parts {
		switch {
		case i == 0 || p.name == "":
		case t.parts[i-1].name != "":
			return p.offset, "no sign separates the placeholder from the one before"
		case i > 1 && !strings.Contains(t.parts[i-1].text, "/"):
			signs := signsOf(t.parts[i-1].text)
			if signs == "" {
				return p.offset, "no sign separates the placeholder from the one before"
			}
			t.signs += signs
		}
	}
	return 0, ""
}

// signsOf returns the characters of text that can end a value.
func signsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '%' || r == '!' {
			return -1
		}
		return r
	}, text)
}

func (t *Template) checkLayouts() (int, string) {
	for _, p := range t.parts {
		if p.layout != "" && p.name != "date" {
			return p.offset, "only date has a layout"
		}
	}
	return 0, ""
}

func (t *Template) checkPath() (int, string) {
	sample := Values{Start: time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC), Func: "f", Project: "p", Domain: "d"}
	sample.Input = func(name string) (string, bool) { return "x", name != "date" }
	filled, err := t.fill(sample)
	if err == nil {
		err = checkPath(filled)
	}
	if err != nil {
		return 0, err.Error()
	}
	return 0, ""
}

func (t *Template) findFormat() (int, string) {
	last := t.parts[len(t.parts)-1] // there is one, or the path would be empty
	t.Format = Format(path.Ext(last.text))
	if !slices.Contains(Formats, t.Format) {
		return last.offset, fmt.Sprintf("the ending is none of %q", Formats)
	}
	return 0, ""
}

// checkPath returns an error unless stores take the path, and file systems its segments.
func checkPath(p string) error {
	for segment := range strings.SplitSeq(p, "/") {
		if len(segment) > maxSegment {
			return fmt.Errorf("target: a segment of %d bytes in %s", len(segment), p)
		}
	}
	return store.CheckPath(p)
}

// maxSegment leaves room for what stores add to a file's name: file systems take 255 bytes.
const maxSegment = 200
