// Package standin is a module with the packages that generated code imports, and in them what stands for generated code before there is any.
// Experiments require it instead of the real one: nothing is generated, and what it needs need not be downloaded or analysed.
package standin

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/naming"
)

// Module is its path.
const Module = "github.com/cachegen/cachegen"

// Files are its files, by their slash-separated names.
func Files() map[string]string {
	name := func(path string) string { return strings.TrimPrefix(path, Module+"/") + "/standin.go" }
	return map[string]string{
		"go.mod":                 "module " + Module + "\n\ngo 1.26\n",
		name(naming.RuntimePath): "package cache\n",
		name(naming.ImplPath): `package cacheimpl

type (
	EncodedFunction[A, V any]       struct{}
	EncodedPerReceiver[R, A, V any] struct{}
)
`,
	}
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
