package engine

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

// modules returns what the modules at the paths are in this binary: path, version and sum, of the replacement if there is one.
//
// Where that isn't known the digest of the binary stands for it, so that results are used as long as nobody builds it anew:
// binaries without build information, modules that are not in it, and those that come from a directory, whose code no version
// says. A binary that can't be read makes a version that lasts as long as the process.
func modules(paths []string) []string {
	if len(paths) == 0 {
		return nil
	}
	return resolve(paths, buildInfo(), binary)
}

var buildInfo = sync.OnceValue(func() *debug.BuildInfo {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return &debug.BuildInfo{}
	}
	return info
})

func resolve(paths []string, info *debug.BuildInfo, binary func() string) []string {
	known := map[string]*debug.Module{info.Main.Path: &info.Main}
	for _, m := range info.Deps {
		known[m.Path] = m
	}
	l := make([]string, len(paths))
	for i, path := range paths {
		l[i] = path + " " + actual(known[path], binary)
	}
	return l
}

// actual returns what the code of m is, which is nil if the module is unknown.
func actual(m *debug.Module, binary func() string) string {
	if m != nil && m.Replace != nil {
		m = m.Replace
	}
	if m == nil || m.Version == "" || m.Version == "(devel)" || m.Sum == "" {
		return binary()
	}
	return m.Path + "@" + m.Version + " " + m.Sum
}

// binary returns a digest of the running program.
var binary = sync.OnceValue(func() string {
	h := sha256.New()
	if err := readExecutable(h); err != nil {
		return "process " + rand.Text()
	}
	return "binary " + hex.EncodeToString(h.Sum(nil))
})

func readExecutable(w io.Writer) error {
	f, err := openExecutable()
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// openExecutable opens the running program: on Linux itself, elsewhere what is at its path.
func openExecutable() (*os.File, error) {
	if f, err := os.Open("/proc/self/exe"); err == nil {
		return f, nil
	}
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// platform returns what else of the build joins the key.
func platform(o Options) []string {
	var l []string
	if o.Platform {
		l = append(l, "platform", runtime.GOOS, runtime.GOARCH)
	}
	if o.Toolchain {
		l = append(l, "toolchain", runtime.Version())
	}
	return l
}
