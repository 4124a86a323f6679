package extract

import (
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// links finds the go:linkname lines that give an object of the package another name.
func (s *summarizer) links() {
	for _, file := range s.pkg.Syntax {
		for _, group := range file.Comments {
			for _, args := range goDirectives(group, "linkname") {
				if words := strings.Fields(args); len(words) == 2 {
					s.summary.Links = append(s.summary.Links, facts.Link{Local: facts.ID{Package: s.pkg.Path, Name: words[0]}, Target: symbolID(words[1])})
				}
			}
		}
	}
}

// symbolID is the object with a linker symbol: "path.Name", "path.Type.Method" or "path.(*Type).Method".
func symbolID(symbol string) facts.ID {
	slash := strings.LastIndexByte(symbol, '/')
	dot := strings.IndexByte(symbol[slash+1:], '.')
	if dot < 0 {
		return facts.ID{Package: "", Name: symbol}
	}
	path, name := symbol[:slash+1+dot], symbol[slash+1+dot+1:]
	// The linker escapes dots in the last element of a path.
	path = strings.ReplaceAll(path, "%2e", ".")
	name = strings.NewReplacer("(*", "", ")", "").Replace(name)
	return facts.ID{Package: path, Name: name}
}
