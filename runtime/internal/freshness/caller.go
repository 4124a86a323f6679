package freshness

import (
	"path/filepath"
	"runtime"
	"strings"
)

// module is how the names of this module's functions begin.
const module = "github.com/cachegen/cachegen/runtime"

// callerDir returns the directory of the generated file that called into package runtime, "" if it is not known: binaries that were built
// with -trimpath don't say.
func callerDir() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := frames.Next()
		if !ours(frame.Function) {
			file := filepath.FromSlash(frame.File)
			if !filepath.IsAbs(file) {
				return ""
			}
			return filepath.Dir(file)
		}
		if !more {
			return ""
		}
	}
}

// ours reports whether a function belongs to package runtime or to what only it imports.
func ours(function string) bool {
	rest, ok := strings.CutPrefix(function, module)
	if !ok {
		return false
	}
	return strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/internal/engine.") || strings.HasPrefix(rest, "/internal/freshness.")
}
