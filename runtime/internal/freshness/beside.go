package freshness

import (
	"os"
	"path/filepath"
	"strings"
)

// besideSources reports whether a program with this path is one that the go command or a debugger
// has just built: a test binary, one that go run built, in a temporary directory or in the build
// cache, or one that Delve did.
func besideSources(executable string) bool {
	dir, name := filepath.Split(strings.TrimSuffix(executable, ".exe"))
	dir = filepath.Clean(dir)
	switch parent := filepath.Base(dir); {
	case strings.HasSuffix(name, ".test"), strings.HasPrefix(name, "__debug_bin"):
		return true
	case parent == "exe": // go-build1799899645/b001/exe
		return strings.HasPrefix(filepath.Base(filepath.Dir(filepath.Dir(dir))), "go-build")
	default: // go-build/88/88ad7386…d052c08332e7-d
		hash, ok := strings.CutSuffix(parent, "-d")
		return ok && len(hash) == 64 && strings.Trim(hash, "0123456789abcdef") == "" && filepath.Base(filepath.Dir(dir)) == hash[:2]
	}
}

// executable returns the path of this program, "" if it is not known.
func executable() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	return path
}
