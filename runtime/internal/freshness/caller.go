package freshness

import (
	"path"
	"path/filepath"
	"runtime"
	"slices"
)

// callerDir returns the directory of the generated file that called into the runtime, "" if it is
// not known: binaries that were built with -trimpath don't say.
func callerDir() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	frame, more := frames.Next()
	own := path.Dir(frame.File)
	ours := []string{own, path.Join(own, "../engine"), path.Join(own, "../../cacheimpl")}
	for more {
		// Not by the names of functions: closures of ours have other packages' where they are
		// inlined.
		frame, more = frames.Next()
		dir := path.Dir(frame.File)
		if slices.Contains(ours, dir) {
			continue
		}
		if dir = filepath.FromSlash(dir); filepath.IsAbs(dir) {
			return dir
		}
		return ""
	}
	return ""
}
