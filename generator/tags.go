package generator

import (
	"bytes"
	"go/token"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/emit"
	"github.com/cachegen/cachegen/generator/internal/load"
)

// Build tags decide which code there is, and so what versions are. A file that was generated with
// some says which, and a run with others leaves it alone. Otherwise its content would depend on who
// generated last.

// tagsPrefix begins the line of a generated file that says for which tags it is. Without such a
// line it is for none.
const tagsPrefix = "// It was generated with -tags="

// withTags are files that say for which tags they are.
func withTags(files []emit.File, tags string) []emit.File {
	if tags == "" {
		return files
	}
	files = slices.Clone(files)
	for i, f := range files {
		body, _ := bytes.CutPrefix(f.Content, []byte(emit.Header+"\n"))
		files[i].Content = slices.Concat([]byte(emit.Header+"\n"+tagsPrefix+tags+"\n"), body)
	}
	return files
}

// splitTags returns the tags that a generated file is for, and the file without the line that says
// so.
func splitTags(src []byte) (tags string, rest []byte) {
	for line := range bytes.Lines(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))) {
		if found, ok := bytes.CutPrefix(line, []byte(tagsPrefix)); ok && tags == "" {
			tags = strings.TrimSpace(string(found))
			continue
		}
		rest = append(rest, line...)
	}
	return tags, rest
}

// leave reports whether a generated file is left to runs with other tags, and warns if with those
// of this run it would be another.
func (r *run) leave(f File) bool {
	tags := r.code.listing.Tags()
	theirs, old := splitTags(f.Old)
	if f.Old == nil || theirs == tags || !load.IsGenerated(f.Old) {
		return false
	}
	if _, wanted := splitTags(f.New); !bytes.Equal(old, wanted) {
		r.add(diag.Diagnostic{
			Pos: token.Position{Filename: f.Path, Line: 1, Column: 1}, Severity: diag.Warning, Category: "file",
			Message: "this file was generated " + inWords(theirs) + ", and " + inWords(tags) + " it would be another: it is left to a run " + inWords(theirs) +
				"; remove it to have it made " + inWords(tags),
		})
	}
	return true
}

// inWords says how the command was run.
func inWords(tags string) string {
	if tags == "" {
		return "without -tags"
	}
	return "with -tags=" + tags
}
