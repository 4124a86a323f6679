package canon

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// origin says whose code a package is.
type origin uint8

const (
	unknown   origin = iota
	local            // in the version of the function
	versioned        // a module's whose version is in the build information, as are those of all that it can call
	standard
)

// build is what the build information says about modules.
type build struct {
	main string
	// sums are the modules with a sum, by path; those without, which a directory holds, are "".
	sums map[string]string
	// versions are all modules of the program; "" if one of them has no version.
	versions string
}

var built = sync.OnceValue(func() *build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return &build{}
	}
	return readBuild(info)
})

func readBuild(info *debug.BuildInfo) *build {
	b := &build{main: info.Main.Path, sums: map[string]string{info.Main.Path: info.Main.Sum}}
	var versions strings.Builder
	whole := true
	for _, m := range info.Deps {
		actual := m
		if m.Replace != nil {
			actual = m.Replace
		}
		b.sums[m.Path] = actual.Sum
		whole = whole && actual.Sum != ""
		fmt.Fprintf(&versions, "%s %s@%s %s\n", m.Path, actual.Path, actual.Version, actual.Sum)
	}
	if whole {
		b.versions = "modules\n" + versions.String()
	}
	return b
}

// originOf tells whose code a package is, given the modules whose code the version knows. The first
// of them is the function's own.
func originOf(pkg string, known []string) origin { return built().originOf(pkg, known) }

func (b *build) originOf(pkg string, known []string) origin {
	module := b.moduleOf(pkg, known)
	sum, listed := b.sums[module]
	switch {
	case len(known) > 0 && module == known[0]:
		return local
	case module == "" && b.main != "" && !strings.Contains(firstElement(pkg), "."):
		return standard
	case slices.Contains(known, module) && sum == "":
		return local
	case listed && sum != "" && b.versions != "":
		return versioned
	}
	return unknown
}

// moduleOf returns the module with the longest path that a package is in, "" if there is none.
func (b *build) moduleOf(pkg string, known []string) string {
	if pkg == "main" {
		return b.main
	}
	found := ""
	consider := func(module string) {
		if (pkg == module || strings.HasPrefix(pkg, module+"/")) && len(module) > len(found) {
			found = module
		}
	}
	for module := range b.sums {
		consider(module)
	}
	for _, module := range known {
		consider(module)
	}
	return found
}

func firstElement(path string) string {
	first, _, _ := strings.Cut(path, "/")
	return first
}
