package emit

import (
	"bytes"
	"strings"
)

// grouped returns the source of a file with a blank line between its imports of the standard
// library, whose paths have no dot in their first element, and the others, as people write them.
func grouped(src []byte) []byte {
	before, rest, ok := bytes.Cut(src, []byte("\nimport (\n"))
	list, after, end := bytes.Cut(rest, []byte("\n)"))
	if !ok || !end {
		return src
	}
	var standard, others []string
	for line := range strings.Lines(string(list) + "\n") {
		_, path, _ := strings.Cut(line, `"`)
		first, _, _ := strings.Cut(path, "/")
		if strings.Contains(first, ".") {
			others = append(others, line)
		} else {
			standard = append(standard, line)
		}
	}
	if len(standard) > 0 && len(others) > 0 {
		standard = append(standard, "\n")
	}
	return bytes.Join([][]byte{before, []byte("\nimport (\n" + strings.Join(standard, "") + strings.Join(others, "") + ")"), after}, nil)
}
