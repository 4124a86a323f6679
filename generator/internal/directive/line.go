package directive

import (
	"errors"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"unicode"

	"github.com/cachegen/cachegen/generator/internal/diag"
)

// Category is the category of this package's diagnostics.
const Category = "directive"

// Line is one //cache: line.
type Line struct {
	// Name is the line's: auto, with, default, …
	Name string
	// Behaviour is what the line asks for: for a default, the behaviour that it names; 0 for with
	// and reviewed.
	Behaviour Behaviours
	Args      []*Arg
	// Pos is the position of its slashes, Text the line as written.
	Pos  token.Position
	Text string
}

// String is the line in its plainest spelling. It parses to the same line.
func (l *Line) String() string {
	var b strings.Builder
	b.WriteString("//cache:" + l.Name)
	if l.Name == "default" {
		b.WriteString(" " + l.Behaviour.String())
	}
	for _, a := range l.Args {
		b.WriteString(" " + a.String())
	}
	return b.String()
}

// ParseLine reads the comment line text, whose slashes are at pos. It is nil if text is no //cache:
// directive or one whose name is unknown; options that are wrong are left out of the line.
// Everything wrong is reported.
func ParseLine(pos token.Position, text string, diags *diag.List) *Line {
	d, ok := ast.ParseDirective(0, text)
	if !ok || d.Tool != "cache" {
		return nil
	}
	p := &lineParser{line: &Line{Name: d.Name, Pos: pos, Text: text}, text: strings.TrimRightFunc(text, unicode.IsSpace), diags: diags}
	form, ok := lookupForm(d.Name)
	if !ok {
		p.unknown(d.Name)
		return nil
	}
	p.line.Behaviour = form.Behaviour
	p.words(min(int(d.ArgsPos), len(p.text)))
	p.finish()
	return p.line
}

// lineParser reads the words of one line.
type lineParser struct {
	line  *Line
	text  string
	diags *diag.List
	// failed says that something wrong has been reported.
	failed bool
}

// position is that of an offset in the line.
func (p *lineParser) position(offset int) token.Position {
	pos := p.line.Pos
	pos.Offset += offset
	pos.Column += offset
	return pos
}

func (p *lineParser) errorf(pos token.Position, format string, args ...any) {
	p.failed = true
	p.diags.Errorf(pos, Category, format, args...)
}

// unknown reports a line whose name is none of a directive.
func (p *lineParser) unknown(name string) {
	pos := p.position(len("//cache:"))
	word := name
	if i := strings.IndexFunc(name, func(c rune) bool { return !('a' <= c && c <= 'z' || c == '-' || c == '_') }); i > 0 {
		word = name[:i]
	}
	if option := suggestOption(word); option != "" && Nearest(word, formNames) == "" {
		p.errorf(pos, "unknown directive //cache:%s: %s is an option; write //cache:auto %s", name, option, strings.Replace(name, word, option, 1))
		return
	}
	meant := DidYouMean(Nearest(word, formNames))
	p.errorf(pos, "unknown directive //cache:%s%s; cachegen help directives lists them", name, meant)
}

// words reads the line's words from an offset on.
func (p *lineParser) words(offset int) {
	args := argParser{p.position, p.errorf}
	for first := true; ; first = false {
		w, end, ok, err := cutWord(p.text, offset)
		if syntax, _ := errors.AsType[*syntaxError](err); syntax != nil {
			p.errorf(p.position(syntax.at), "%s", syntax.msg)
			return
		}
		if !ok {
			return
		}
		offset = end
		if p.line.Name == "reviewed" {
			p.errorf(p.position(w.at[0]), "//cache:reviewed takes no options; a reason goes after //")
			return
		}
		if end, reported := p.apart(w, offset); reported {
			offset = end
			continue
		}
		if first && p.line.Name == "default" && p.behaviour(w) {
			continue
		}
		if arg := args.parse(w); arg != nil {
			p.add(arg)
		}
	}
}

// behaviour reads the first word of a default.
func (p *lineParser) behaviour(w word) bool {
	form, ok := lookupForm(w.text)
	switch {
	case ok && form.Behaviour != 0 && form.Behaviour != Inherit:
		p.line.Behaviour = form.Behaviour
	case ok:
		p.errorf(p.position(w.at[0]), "%s is no behaviour of a default: auto, override or disable", w.text)
	case strings.Contains(w.text, "="):
		return false
	default:
		if _, option := LookupOption(w.text); option {
			return false
		}
		p.errorf(p.position(w.at[0]), "unknown behaviour %q%s: auto, override or disable", w.text,
			DidYouMean(Nearest(w.text, slices.Values([]string{"auto", "override", "disable"}))))
	}
	return true
}

// add adds an argument that is there for the first time.
func (p *lineParser) add(arg *Arg) {
	name := arg.Option.Name
	if slices.ContainsFunc(p.line.Args, func(a *Arg) bool { return a.Option.Name == name }) {
		p.errorf(arg.Pos, "%s appears twice", name)
		return
	}
	p.line.Args = append(p.line.Args, arg)
}

// finish checks what only the whole line shows.
func (p *lineParser) finish() {
	switch {
	case p.line.Name == "default" && p.line.Behaviour == 0 && !p.failed:
		p.errorf(p.line.Pos, "the default lacks a behaviour: write //cache:default auto, override or disable, then options")
	case p.line.Name == "with" && len(p.line.Args) == 0 && !p.failed:
		p.errorf(p.line.Pos, "//cache:with has no options")
	}
}
