// Package standin is a module with the packages that generated code imports and nothing in them. Experiments require it instead of
// the real one: nothing is generated, and what it needs need not be downloaded or analysed.
package standin

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// Module is its path.
const Module = "github.com/cachegen/cachegen"

// Files are its files, by their slash-separated names.
func Files() map[string]string {
	files := map[string]string{"go.mod": "module " + Module + "\n\ngo 1.26\n"}
	for _, path := range []string{load.RuntimePath, load.ImplPath} {
		files[strings.TrimPrefix(path, Module+"/")+"/standin.go"] = "package cache\n"
	}
	return files
}

// Write writes its files to a directory.
func Write(dir string) error {
	for name, text := range Files() {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
