package directive

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/diag"
)

// missed matches what was probably meant to be a directive: a space too many, a capital, a block comment, the command's name.
var missed = regexp.MustCompile(`^(//|/\*)([ \t]*)(?i:cache(gen)?)([ \t]*):([ \t]*)([A-Za-z]+)([ \t].*)?$`)

// nearMiss reports a comment that is no directive and was probably meant to be one. Prose is left alone: a name that is no
// directive's, text inside functions, and "// cache: with a lock", where what follows is no list of options.
func (p *fileParser) nearMiss(c *ast.Comment, where place) {
	if where.body {
		return
	}
	text, _, _ := strings.Cut(c.Text, "\n")
	block := strings.HasPrefix(text, "/*")
	m := missed.FindStringSubmatch(strings.TrimSpace(strings.TrimSuffix(text, "*/")))
	if m == nil {
		return
	}
	name := strings.ToLower(m[6])
	if _, ok := lookupForm(name); !ok {
		return
	}
	meant := "//cache:" + name + strings.TrimRight(m[7], " \t")
	if !clean(meant) && (m[4] != "" || m[5] != "" || where.loose && m[2] != "") {
		return
	}
	why := "a directive has no space after //"
	switch {
	case block:
		why = "a directive is a // comment"
	case m[4] != "" || m[5] != "":
		why = "a directive has no space around its colon"
	case m[3] != "":
		why = "the directives of cachegen begin with cache:"
	case m[2] == "":
		why = "a directive is in lower case"
	}
	p.errorf(p.position(c.Slash), "%s is ignored by Go's tools: %s; write %s", strings.TrimRight(text, " \t"), why, meant)
}

// clean reports whether text is a directive without a fault.
func clean(text string) bool {
	var diags diag.List
	line := ParseLine(token.Position{Line: 1, Column: 1}, text, &diags)
	return line != nil && !diags.HasErrors()
}
