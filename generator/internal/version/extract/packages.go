package extract

import (
	"path/filepath"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// Packages says of all packages of a program what it is that the closure of a function depends on beside summaries.
func Packages(packages map[string]*load.Package) map[string]*facts.PackageInfo {
	all := make(map[string]*facts.PackageInfo, len(packages))
	registries := registryFinder{}
	for path, p := range packages {
		f := &facts.PackageInfo{Local: p.Local(), Standard: p.Standard, Dir: p.Dir}
		if p.Module != nil {
			f.Module, f.Place, f.Vendored = p.Module.Path, placeOf(p.Module), p.Module.Vendored
		}
		if p.Local() || p.Types == nil {
			f.Errors = errorsOf(p)
		}
		if p.Standard {
			f.Registers = registries.of(p)
		} else {
			for _, imported := range p.Imports {
				f.Imports = append(f.Imports, imported.Path)
			}
			slices.Sort(f.Imports)
		}
		if f.Vendored {
			f.Files = slices.Concat(p.GoFiles, p.OtherFiles, p.EmbedFiles, p.IgnoredFiles)
		}
		if f.Local {
			f.Ignored = p.IgnoredFiles
		}
		if f.Program = f.Local && p.Name == "main"; f.Program {
			f.Tests = p.TestGoFiles
		}
		all[path] = f
	}
	return all
}

// registryFinder finds the registries that packages of the standard library import, directly and
// not.
type registryFinder map[*load.Package][]string

func (r registryFinder) of(p *load.Package) []string {
	if known, ok := r[p]; ok {
		return known
	}
	var found []string
	for path, imported := range p.Imports {
		if stdmodel.IsRegistry(path) {
			found = append(found, path)
		}
		found = append(found, r.of(imported)...)
	}
	slices.Sort(found)
	r[p] = slices.Compact(found)
	return r[p]
}

// placeOf returns where a module is whose code counts by definition, "" if its version counts.
func placeOf(m *load.Module) string {
	switch {
	case m.Vendored:
		return "vendor"
	case m.Main:
		return "workspace"
	case m.Local && m.Replace != nil:
		return filepath.ToSlash(m.Replace.Path)
	}
	return ""
}
