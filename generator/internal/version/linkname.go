package version

import (
	"strings"
)

// links finds the go:linkname lines that give an object of the package another name.
func (s *summarizer) links() {
	for _, file := range s.pkg.Syntax {
		for _, group := range file.Comments {
			for _, args := range goDirectives(group, "linkname") {
				if words := strings.Fields(args); len(words) == 2 {
					s.summary.Links = append(s.summary.Links, Link{ID{s.pkg.Path, words[0]}, symbolID(words[1])})
				}
			}
		}
	}
}

// symbolID is the object with a linker symbol: "path.Name", "path.Type.Method" or "path.(*Type).Method".
func symbolID(symbol string) ID {
	slash := strings.LastIndexByte(symbol, '/')
	dot := strings.IndexByte(symbol[slash+1:], '.')
	if dot < 0 {
		return ID{"", symbol}
	}
	path, name := symbol[:slash+1+dot], symbol[slash+1+dot+1:]
	// The linker escapes dots in the last element of a path.
	path = strings.ReplaceAll(path, "%2e", ".")
	name = strings.NewReplacer("(*", "", ")", "").Replace(name)
	return ID{path, name}
}
