package load

import (
	"crypto/sha256"
	"errors"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/cachegen/cachegen/generator/internal/compact"
	"github.com/cachegen/cachegen/generator/internal/filecache"
	"github.com/cachegen/cachegen/internal/regular"
)

// What the go command says about packages takes longer to ask for than anything else after an edit,
// and an edit rarely changes it: it depends on the module files, on which files there are, and on
// their beginnings, the imports and constraints. An answer is kept with digests of these.

// answer is a kept answer of the go command, and what it depends on.
type answer struct {
	// Files are digests of module files; the zero digest is of a file that is not there.
	Files map[string][sha256.Size]byte
	// Dirs are digests of the names in directories.
	Dirs map[string][sha256.Size]byte
	// Headers are digests of the beginnings of Go files.
	Headers map[string][sha256.Size]byte

	Modules  []*Module
	Packages []keptPackage
}

// keptPackage is a package's metadata. Files are relative to its directory.
type keptPackage struct {
	Path, Name, Dir                                              string
	Module                                                       int // in the answer's modules, -1 for none
	Standard                                                     bool
	GoFiles, OtherFiles, IgnoredFiles, EmbedFiles, EmbedPatterns []string
	Imports                                                      map[string]string
}

// answerForm is the form in which answers are kept.
var answerForm = compact.Of[answer]()

// canKeep reports whether answers for cfg depend only on what an answer holds.
func canKeep(cfg Config) bool {
	driver := os.Getenv("GOPACKAGESDRIVER")
	return len(cfg.Overlay) == 0 && (driver == "" || driver == "off") && cfg.replaced == nil && cfg.modFile == ""
}

// answerKey is the key of the answer about a main module or workspace.
func answerKey(cfg Config, env environment) filecache.Key {
	h := newDigest()
	h.text("answer", programID(), env.goVersion, env.goMod, env.goWork, env.moduleCache, env.goFlags)
	h.text(cfg.Tags...)
	return filecache.Key(h.sum())
}

// recall returns the kept answer if nothing changed that it depends on.
func recall(cache *filecache.Cache, key filecache.Key, env environment) *metadata {
	data, ok := cache.Get(key)
	if !ok {
		return nil
	}
	a, err := answerForm.Unmarshal(data)
	if err != nil || !a.holds() {
		return nil
	}
	return a.metadata(env)
}

// holds reports whether everything that the answer depends on is as it was.
func (a *answer) holds() bool {
	for name, want := range a.Files {
		if fileDigest(name) != want {
			return false
		}
	}
	for name, want := range a.Dirs {
		if got, ok := namesDigest(name); !ok || got != want {
			return false
		}
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for name, want := range a.Headers {
		group.Go(func() error {
			if got, ok := headerDigest(name); !ok || got != want {
				return errChanged
			}
			return nil
		})
	}
	return group.Wait() == nil
}

var errChanged = errors.New("changed")

func (a *answer) metadata(env environment) *metadata {
	m := newMetadata(env)
	for _, module := range a.Modules {
		m.modules[module.Path] = module
	}
	for _, r := range a.Packages {
		p := &Package{
			Path: r.Path, Name: r.Name, Dir: r.Dir, Standard: r.Standard,
			GoFiles: absolute(r.Dir, r.GoFiles), OtherFiles: absolute(r.Dir, r.OtherFiles),
			IgnoredFiles: absolute(r.Dir, r.IgnoredFiles), EmbedFiles: absolute(r.Dir, r.EmbedFiles),
			EmbedPatterns: r.EmbedPatterns,
			Imports:       make(map[string]*Package, len(r.Imports)),
		}
		if r.Module >= 0 {
			p.Module = a.Modules[r.Module]
		}
		// Packages come after those they import.
		for as, path := range r.Imports {
			p.Imports[as] = m.packages[path]
		}
		m.packages[p.Path] = p
	}
	return m
}

// keepAnswer keeps an answer, unless it depends on more than can be looked at quickly.
func keepAnswer(cache *filecache.Cache, key filecache.Key, m *metadata, env environment) {
	a := answer{
		Files: map[string][sha256.Size]byte{}, Dirs: map[string][sha256.Size]byte{}, Headers: map[string][sha256.Size]byte{},
	}
	index := map[*Module]int{}
	for _, path := range slices.Sorted(maps.Keys(m.modules)) {
		index[m.modules[path]] = len(a.Modules)
		a.Modules = append(a.Modules, m.modules[path])
	}
	for _, p := range order(sortedPackages(m.packages)) {
		if len(p.Errors) > 0 || !a.add(p, index, env) {
			return
		}
	}
	for _, name := range moduleFiles(m, env) {
		a.Files[name] = fileDigest(name)
	}
	for _, module := range m.modules {
		if module.Main && !a.addTree(module.Dir) {
			return
		}
	}
	cache.Put(key, answerForm.Marshal(&a))
}

// add adds a package and, if its files can change, what of them the answer depends on.
func (a *answer) add(p *Package, index map[*Module]int, env environment) bool {
	r := keptPackage{
		Path: p.Path, Name: p.Name, Dir: p.Dir, Module: -1, Standard: p.Standard,
		GoFiles: relative(p.Dir, p.GoFiles), OtherFiles: relative(p.Dir, p.OtherFiles),
		IgnoredFiles: relative(p.Dir, p.IgnoredFiles), EmbedFiles: relative(p.Dir, p.EmbedFiles),
		EmbedPatterns: p.EmbedPatterns,
		Imports:       make(map[string]string, len(p.Imports)),
	}
	if p.Module != nil {
		r.Module = index[p.Module]
	}
	for as, imported := range p.Imports {
		r.Imports[as] = imported.Path
	}
	a.Packages = append(a.Packages, r)
	if p.Standard || p.Dir == "" || within(env.moduleCache, p.Dir) {
		return true
	}
	return a.addFiles(p)
}

func (a *answer) addFiles(p *Package) bool {
	if !a.addDir(p.Dir) {
		return false
	}
	for _, name := range slices.Concat(p.GoFiles, p.IgnoredFiles) {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		header, ok := headerDigest(name)
		if !ok {
			return false
		}
		a.Headers[name] = header
	}
	// In files of other languages there are constraints too, and nobody else reads only their
	// beginnings.
	for _, name := range slices.Concat(p.OtherFiles, p.IgnoredFiles) {
		if !strings.HasSuffix(name, ".go") {
			a.Files[name] = fileDigest(name)
		}
	}
	for _, pattern := range p.EmbedPatterns {
		if !a.addEmbedded(p.Dir, pattern) {
			return false
		}
	}
	return true
}

// maxEmbedded bounds how many directories a pattern may look into: each is looked at again whenever
// the answer is recalled.
const maxEmbedded = 1000

// addEmbedded adds the directories in which a //go:embed pattern of the package in dir looks for
// files. Some of them a walk over packages would leave out.
func (a *answer) addEmbedded(dir, pattern string) bool {
	relative, ok := strings.CutPrefix(filepath.ToSlash(pattern), filepath.ToSlash(dir)+"/") // go/packages puts the directory before it
	if !ok {
		return false
	}
	top := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(relative, "all:")))
	if meta := strings.IndexAny(top[len(dir):], `*?[\`); meta >= 0 {
		top = filepath.Dir(top[:len(dir)+meta] + "x")
	}
	for parent := filepath.Dir(top); within(dir, parent); parent = filepath.Dir(parent) {
		if !a.addDir(parent) {
			return false
		}
	}
	before := len(a.Dirs)
	return filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (len(a.Dirs)-before > maxEmbedded || !a.addDir(path)):
			return fs.ErrInvalid
		}
		return nil
	}) == nil
}

func (a *answer) addDir(dir string) bool {
	names, ok := namesDigest(dir)
	a.Dirs[dir] = names
	return ok
}

// addTree adds the directories in which the go command looks for packages of a module.
func (a *answer) addTree(root string) bool {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return nil
		case path != root && hidden(d.Name()):
			return fs.SkipDir
		case !a.addDir(path):
			return fs.ErrInvalid
		}
		return nil
	}) == nil
}

// hidden reports whether patterns don't match directories with a name.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata"
}

// moduleFiles are the files by which the go command knows modules.
func moduleFiles(m *metadata, env environment) []string {
	var files []string
	if env.goWork != "" && env.goWork != "off" {
		files = append(files, env.goWork, env.goWork+".sum", filepath.Join(filepath.Dir(env.goWork), "vendor", "modules.txt"))
	}
	for _, module := range m.modules {
		if module.Local && module.Dir != "" {
			files = append(files, filepath.Join(module.Dir, "go.mod"), filepath.Join(module.Dir, "go.sum"),
				filepath.Join(module.Dir, "vendor", "modules.txt"))
		}
	}
	return files
}

// within reports whether path is dir or below it.
func within(dir, path string) bool {
	return dir != "" && (path == dir || strings.HasPrefix(path, dir+string(filepath.Separator)))
}

func fileDigest(name string) [sha256.Size]byte {
	data, err := regular.ReadFile(name)
	if err != nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(data)
}

// namesDigest digests which entries a directory has, and which of them are directories.
func namesDigest(dir string) ([sha256.Size]byte, bool) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return [sha256.Size]byte{}, false
	}
	h := newDigest()
	for _, e := range entries {
		h.text(e.Name(), e.Type().String())
	}
	return h.sum(), true
}

// headerDigest digests what the go command reads of a file: its imports and everything before them,
// and what it embeds.
func headerDigest(name string) ([sha256.Size]byte, bool) {
	src, err := regular.ReadFile(name)
	if err != nil {
		return [sha256.Size]byte{}, false
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.ImportsOnly|parser.SkipObjectResolution)
	if err != nil {
		return [sha256.Size]byte{}, false
	}
	end := file.Name.End()
	if n := len(file.Decls); n > 0 {
		end = file.Decls[n-1].End()
	}
	h := newDigest()
	h.bytes(src[:fset.PositionFor(end, false).Offset])
	for line := range strings.Lines(string(src)) {
		if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "//go:embed") {
			h.text(trimmed)
		}
	}
	return h.sum(), true
}

func relative(dir string, names []string) []string {
	var short []string
	for _, name := range names {
		if rel, ok := strings.CutPrefix(name, dir+string(filepath.Separator)); ok {
			name = rel
		}
		short = append(short, name)
	}
	return short
}

func absolute(dir string, names []string) []string {
	var long []string
	for _, name := range names {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		long = append(long, name)
	}
	return long
}
