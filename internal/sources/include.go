package sources

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/cachegen/cachegen/internal/regular"
)

var (
	// includeLine takes in another file, in assembly, C, or the comment above import "C".
	includeLine = regexp.MustCompile(`(?m)^[ \t/*]*(?:#[ \t]*(?:include|embed)|\.incbin)[ \t]+["<]([^">\n]+)[">]`)
	// includeFolder is where a #cgo line says that such files are.
	includeFolder = regexp.MustCompile(`-I[ \t]*(?:\$\{SRCDIR\}/?)?([^ \t\n"']+)`)
)

// Included returns the files that a file of the package in dir takes in, and those that they do,
// wherever they are: sorted, without itself. Files that aren't there, such as the system's headers,
// are none of them.
func Included(dir, file string) []string {
	found := map[string]bool{file: true}
	folders := []string{dir}
	queue := []string{file}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		src, err := regular.ReadFile(name)
		if err != nil {
			continue
		}
		for _, m := range includeFolder.FindAllSubmatch(src, -1) {
			folders = append(folders, filepath.Join(dir, filepath.FromSlash(string(m[1]))))
		}
		for _, m := range includeLine.FindAllSubmatch(src, -1) {
			for _, folder := range append([]string{filepath.Dir(name)}, folders...) {
				path := filepath.Join(folder, filepath.FromSlash(string(m[1])))
				if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
					continue
				}
				if !found[path] {
					found[path] = true
					queue = append(queue, path)
				}
				break
			}
		}
	}
	delete(found, file)
	var all []string
	for path := range found {
		all = append(all, path)
	}
	slices.Sort(all)
	return all
}

// ImportsC reports whether a Go file may import "C", in whatever spelling: then its comments are
// code. It mentions it as a literal.
func ImportsC(src []byte) bool {
	for _, spelling := range []string{`"C"`, "`C`", `"\x43"`, `"\103"`, `"\u0043"`, `"\U00000043"`} {
		if bytes.Contains(src, []byte(spelling)) {
			return true
		}
	}
	return false
}
