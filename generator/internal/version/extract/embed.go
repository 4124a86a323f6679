package extract

import (
	"go/ast"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// embeds writes the files that a variable embeds: those that its own patterns match.
func (d *declarer) embeds(e *encoder, g *ast.GenDecl, spec *ast.ValueSpec) {
	doc := spec.Doc
	if doc == nil && !g.Lparen.IsValid() {
		doc = g.Doc
	}
	var patterns []string
	for _, args := range goDirectives(doc, "embed") {
		patterns = append(patterns, splitPatterns(args)...)
	}
	if len(patterns) == 0 {
		return
	}
	files := d.embedded(patterns)
	e.op("embedded")
	e.count(len(files))
	for _, name := range files {
		digest := facts.FileDigest(filepath.Join(d.pkg.Dir, filepath.FromSlash(name)))
		e.text(name)
		e.text(digest)
		e.part("embedded file "+name, digest[:min(16, len(digest))])
	}
}

// embedded returns the package's embedded files that patterns match, as slash-separated paths in order.
func (d *declarer) embedded(patterns []string) []string {
	var files []string
	for _, abs := range d.pkg.EmbedFiles {
		rel, err := filepath.Rel(d.pkg.Dir, abs)
		if err != nil {
			continue
		}
		rel = filepath.ToSlash(rel)
		if slices.ContainsFunc(patterns, func(p string) bool { return embeds(p, rel) }) {
			files = append(files, rel)
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// embeds reports whether a pattern of //go:embed matches a file, by itself or by a directory above. In directories, files that begin
// with a dot or underscore are left out unless the pattern begins with "all:".
func embeds(pattern, file string) bool {
	pattern, all := strings.CutPrefix(pattern, "all:")
	if ok, err := path.Match(pattern, file); ok && err == nil {
		return true
	}
	for i, c := range file {
		if c != '/' {
			continue
		}
		if ok, err := path.Match(pattern, file[:i]); ok && err == nil {
			return all || !hidden(file[i+1:])
		}
	}
	return pattern == "." && (all || !hidden(file))
}

// hidden reports whether an element of a path begins with a dot or underscore.
func hidden(name string) bool {
	for element := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(element, ".") || strings.HasPrefix(element, "_") {
			return true
		}
	}
	return false
}

// splitPatterns splits the arguments of //go:embed: separated by spaces, quoted as in Go.
func splitPatterns(args string) []string {
	var patterns []string
	for args = strings.TrimSpace(args); args != ""; args = strings.TrimSpace(args) {
		if quoted, err := strconv.QuotedPrefix(args); err == nil {
			pattern, _ := strconv.Unquote(quoted)
			patterns = append(patterns, pattern)
			args = args[len(quoted):]
			continue
		}
		word := args
		if i := strings.IndexAny(args, " \t"); i >= 0 {
			word = args[:i]
		}
		patterns = append(patterns, word)
		args = args[len(word):]
	}
	return patterns
}
