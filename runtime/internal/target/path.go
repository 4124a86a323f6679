package target

import (
	"fmt"
	"strings"
	"time"
)

// Values are what a template is filled in with.
type Values struct {
	// Input returns the text of an input, or of what the context says, and whether there is one of
	// that name. Different values of an input have different texts. It may be nil.
	Input func(name string) (string, bool)
	// Start is when the call began.
	Start time.Time
	// Func is the function's name, Project and Domain its scope.
	Func, Project, Domain string
}

// Path returns the path of the result for the values. Its error says that the template has a
// placeholder that stands for nothing, or that the path would be too long.
func (t *Template) Path(v Values) (string, error) {
	p, err := t.fill(v)
	if err != nil {
		return "", err
	}
	return p, checkPath(p)
}

func (t *Template) fill(v Values) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		text := p.text
		if p.name != "" {
			var err error
			if text, err = t.value(p, v); err != nil {
				return "", err
			}
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// value returns what p stands for.
func (t *Template) value(p part, v Values) (string, error) {
	if v.Input != nil {
		if text, ok := v.Input(p.name); ok {
			return escape(text, t.signs), nil
		}
	}
	switch p.name {
	case "date":
		return t.date(p.layout, v.Start), nil
	case "func":
		return escapeSegments(v.Func), nil
	case "project":
		return escape(v.Project, t.signs), nil
	case "domain":
		return escape(v.Domain, t.signs), nil
	}
	return "", fmt.Errorf("target: nothing is called %s", p.name)
}

func (t *Template) date(layout string, at time.Time) string {
	if layout == "" {
		layout = time.DateOnly
	}
	text := at.UTC().Format(layout)
	if fixedWidth(layout) {
		return text
	}
	return escape(text, t.signs)
}

// elements are what layouts of one width have; a longer one stands before its beginnings.
var elements = []string{"2006", "002", "01", "02", "06", "15", "04", "05", "-", "_", ".", "T", "Z"}

// fixedWidth reports whether all dates in the layout have one width.
func fixedWidth(layout string) bool {
	for layout != "" {
		before := layout
		for _, e := range elements {
			if rest, ok := strings.CutPrefix(layout, e); ok {
				layout = rest
				break
			}
		}
		if layout == before {
			return false
		}
	}
	return true
}
