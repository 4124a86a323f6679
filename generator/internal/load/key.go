package load

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/mod/module"

	"github.com/cachegen/cachegen/generator/internal/filecache"
	"github.com/cachegen/cachegen/generator/internal/stub"
	"github.com/cachegen/cachegen/internal/regular"
)

// keyring makes the keys under which is kept what was worked out about packages. An edit that
// others can't see, of a function's body or a declaration that nothing exported mentions, changes
// the key of its own package alone.
type keyring struct {
	base [sha256.Size]byte
	// seen are the digests of what dependents can see of a package and of all that it imports.
	seen map[*Package][sha256.Size]byte
	// sums are the sums of modules in the module cache.
	sums map[*Module]string
}

func newKeyring(l *Listing) keyring {
	h := newDigest()
	h.text(programID(), l.metadata.goVersion)
	h.text(l.cfg.Tags...)
	return keyring{h.sum(), map[*Package][sha256.Size]byte{}, map[*Module]string{}}
}

// programID identifies this program, so that another build of it, which may think otherwise, has
// other keys.
func programID() string {
	name, err := os.Executable()
	if err != nil {
		return runtime.Version()
	}
	info, err := os.Stat(name)
	if err != nil {
		return runtime.Version()
	}
	return fmt.Sprint(runtime.Version(), info.Size(), info.ModTime().UnixNano())
}

// Key identifies everything that can be worked out about one of the user's packages by itself: it
// hashes the package's files and what can be seen of its imports. Not safe for concurrent use.
func (l *Listing) Key(p *Package) filecache.Key {
	h := newDigest()
	h.bytes(l.keys.base[:])
	h.text(p.Path, p.Dir, goVersion(p.Module))
	h.bytes(p.content[:])
	for _, path := range sortedKeys(p.Imports) {
		seen := l.seen(p.Imports[path])
		h.text(path)
		h.bytes(seen[:])
	}
	for _, other := range l.others(p) {
		seen := l.seen(other)
		h.text(other.Path, other.Name)
		h.bytes(seen[:])
	}
	return filecache.Key(h.sum())
}

// others are the user's packages that files of a package for other platforms import, and that its
// own may not.
func (l *Listing) others(p *Package) []*Package {
	var others []*Package
	for _, path := range p.surface.Others {
		if other := l.Packages[path]; other != nil && other.Local() && p.Imports[path] == nil {
			others = append(others, other)
		}
	}
	return others
}

func (l *Listing) seen(p *Package) [sha256.Size]byte {
	if known, ok := l.keys.seen[p]; ok {
		return known
	}
	h := newDigest()
	h.text(p.Path)
	imports := p.surface.Imports
	if p.Local() {
		h.text(goVersion(p.Module))
		h.bytes(p.surface.Declarations[:])
		// Constants of a package with files for other builds are not folded, and types that those
		// declare are left to reflection.
		l.contents(h, p.Dir, p.IgnoredFiles)
	} else {
		l.identity(h, p)
		imports = sortedKeys(p.Imports)
	}
	for _, path := range imports {
		if p.Imports[path] == nil {
			continue
		}
		seen := l.seen(p.Imports[path])
		h.text(path)
		h.bytes(seen[:])
	}
	sum := h.sum()
	l.keys.seen[p] = sum
	return sum
}

// identity writes what a package that is not the user's own is: its module's version, where that
// says it all.
func (l *Listing) identity(h digest, p *Package) {
	for _, e := range p.Errors {
		h.text(e.Msg)
	}
	if p.Standard {
		return
	}
	if m := p.Module; m != nil {
		h.text(m.Path, m.Version)
		if m.Replace != nil {
			h.text(m.Replace.Path, m.Replace.Version)
		}
		if sum := l.sumOf(m); sum != "" && within(l.metadata.moduleCache, p.Dir) {
			h.text(sum)
			return
		}
	}
	l.contents(h, p.Dir, p.GoFiles, p.OtherFiles, p.IgnoredFiles)
}

// sumOf returns what the go command noted of a module's content when it put the module into the
// module cache, "" if it didn't: a version can be tagged anew, with other content.
func (l *Listing) sumOf(m *Module) string {
	if m.Replace != nil {
		m = m.Replace
	}
	if sum, ok := l.keys.sums[m]; ok {
		return sum
	}
	sum := ""
	path, pathErr := module.EscapePath(m.Path)
	version, versionErr := module.EscapeVersion(m.Version)
	if pathErr == nil && versionErr == nil {
		data, _ := regular.ReadFile(filepath.Join(l.metadata.moduleCache, "cache", "download", filepath.FromSlash(path), "@v", version+".ziphash"))
		sum = string(data)
	}
	l.keys.sums[m] = sum
	return sum
}

// contents writes the names and contents of files, which are in dir or below it.
func (l *Listing) contents(h digest, dir string, lists ...[]string) {
	for _, names := range lists {
		for _, name := range names {
			src, err := l.read(name)
			if err != nil {
				h.text(err.Error())
				continue
			}
			h.text(relative(dir, []string{name})...)
			h.bytes(src)
		}
		h.text("")
	}
}

// digest computes the digests of one of the user's packages: of all its files, and of what others
// see of it.
func (l *Listing) digest(p *Package) {
	h := newDigest()
	h.text(p.Path, p.Name)
	l.contents(h, p.Dir, p.GoFiles, p.OtherFiles, p.EmbedFiles, p.IgnoredFiles, p.TestGoFiles, p.Included)
	h.text(p.EmbedPatterns...)
	p.content = h.sum()

	k := newDigest()
	k.bytes(l.keys.base[:])
	k.text("surface", p.Dir) // a stub's imports are named by what is imported
	k.bytes(p.content[:])
	for _, path := range sortedKeys(p.Imports) {
		k.text(path, p.Imports[path].Name)
	}
	key := filecache.Key(k.sum())
	if data, ok := l.cache.Get(key); ok {
		if kept, err := surfaceForm.Unmarshal(data); err == nil {
			p.surface = *kept
			return
		}
	}
	p.surface = l.look(p)
	l.cache.Put(key, surfaceForm.Marshal(&p.surface))
}

// mentions reports whether there may be directives in a package: in its tests and in files of other
// platforms too, where they are mistakes.
func (l *Listing) mentions(p *Package) bool {
	return slices.ContainsFunc(slices.Concat(p.GoFiles, p.IgnoredFiles, p.TestGoFiles), func(name string) bool {
		src, err := l.read(name)
		return err == nil && stub.Mentioned(src)
	})
}

// digest is a hash of delimited values.
type digest struct{ hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

func (d digest) bytes(b []byte) {
	var n [binary.MaxVarintLen64]byte
	d.Write(n[:binary.PutUvarint(n[:], uint64(len(b)))])
	d.Write(b)
}

func (d digest) text(list ...string) {
	for _, s := range list {
		d.bytes([]byte(s))
	}
}

func (d digest) sum() [sha256.Size]byte { return [sha256.Size]byte(slices.Clip(d.Sum(nil))) }
