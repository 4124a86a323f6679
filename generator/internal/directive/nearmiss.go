package directive

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/diag"
)

// mention matches directives, and what looks as if it should be one, anywhere in a file.
var mention = regexp.MustCompile(`(?i)(//|/\*)[ \t]*[@+]?(go:)?cache(gen|d)?[ \t]*:|//[@+]?(go:)?cache(gen|d)?[ \t]+[a-z]`)

// Mentions reports whether there may be directives in Go source, right or wrong. It is quick, and
// may take a text for one.
func Mentions(src []byte) bool { return mention.Match(src) }

// missed matches what was probably meant to be a directive: a space or slash too many, a capital, a
// block comment, the command's name, the mark of another language, no colon.
var missed = regexp.MustCompile(`^(//+|/\*)([ \t]*)([@+]?)(?i:(go:)?cache(gen|d)?)([ \t]*:[ \t]*|[ \t]+)([A-Za-z]+)([ \t].*)?$`)

// nearMiss reports a comment that is no directive and was probably meant to be one. Prose is left
// alone: a name that is no directive's, text inside functions, and what goes on with words that are
// no options.
func (p *fileParser) nearMiss(c *ast.Comment, where place) {
	text, _, _ := strings.Cut(c.Text, "\n")
	m := missed.FindStringSubmatch(strings.TrimSpace(strings.TrimSuffix(text, "*/")))
	if bare, _, _ := strings.Cut(text, " //"); strings.TrimRight(bare, " \t") == "//cache:" && !where.body {
		p.errorf(p.position(c.Slash), "//cache: asks for nothing: write //cache:auto; cachegen help directives lists what there is")
		return
	}
	if m == nil || where.body {
		return
	}
	slashes, space, mark, tool, gen, colon := m[1], m[2], m[3], m[4], m[5], m[6]
	name, options := strings.ToLower(m[7]), strings.TrimRight(m[8], " \t")
	if _, ok := lookupForm(name); !ok {
		return
	}
	meant, spaced := "//cache:"+name+options, strings.TrimSpace(colon) == ""
	if spaced && space != "" && mark == "" {
		return // words of a sentence
	}
	if !clean(meant) && (colon != ":" || !strings.Contains(options, "=")) {
		return
	}
	why := "a directive is in lower case"
	switch {
	case slashes == "/*":
		why = "a directive is a // comment"
	case slashes != "//":
		why = "a directive begins with two slashes"
	case mark != "":
		why = "a directive has no " + mark
	case spaced:
		why = "a directive has a colon behind cache"
	case colon != ":":
		why = "a directive has no space around its colon"
	case tool != "":
		why = "directives of cachegen are none of Go's own"
	case gen != "":
		why = "the directives of cachegen begin with cache:"
	case space != "":
		why = "a directive has no space after //"
	}
	p.errorf(p.position(c.Slash), "%s is ignored by Go's tools: %s; write %s", strings.TrimRight(text, " \t"), why, meant)
}

// clean reports whether text is a directive without a fault.
func clean(text string) bool {
	var diags diag.List
	line := ParseLine(token.Position{Line: 1, Column: 1}, text, &diags)
	return line != nil && !diags.HasErrors()
}
