package load

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"hash"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/filecache"
)

// keyring makes the keys under which is kept what was worked out about packages. What can be seen of a package from outside is its
// declarations and not its function bodies, so an edited body changes the key of its own package alone.
type keyring struct {
	base [sha256.Size]byte
	// seen are the digests of what dependents can see of a package and of all that it imports.
	seen map[*Package][sha256.Size]byte
}

func newKeyring(l *Listing) keyring {
	h := newDigest()
	h.text(programID(), l.metadata.goVersion)
	h.text(l.cfg.Tags...)
	return keyring{h.sum(), map[*Package][sha256.Size]byte{}}
}

// programID identifies this program, so that another build of it, which may think otherwise, has other keys.
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

// Key identifies everything that can be worked out about one of the user's packages by itself: it hashes the package's files and what can be
// seen of its imports. Not safe for concurrent use.
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
	return filecache.Key(h.sum())
}

func (l *Listing) seen(p *Package) [sha256.Size]byte {
	if known, ok := l.keys.seen[p]; ok {
		return known
	}
	h := newDigest()
	h.text(p.Path)
	if p.Local() {
		h.bytes(p.api[:])
		for _, name := range p.IgnoredFiles { // constants of a package with files for other targets are not folded
			h.text(filepath.Base(name))
		}
	} else {
		l.identity(h, p)
	}
	for _, path := range sortedKeys(p.Imports) {
		seen := l.seen(p.Imports[path])
		h.text(path)
		h.bytes(seen[:])
	}
	sum := h.sum()
	l.keys.seen[p] = sum
	return sum
}

// identity writes what a package that is not the user's own is: its module's version, where that says it all.
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
		if l.metadata.moduleCache != "" && strings.HasPrefix(p.Dir, l.metadata.moduleCache+string(filepath.Separator)) {
			return
		}
	}
	l.contents(h, p.GoFiles, p.OtherFiles)
}

// contents writes the names and contents of files.
func (l *Listing) contents(h digest, lists ...[]string) {
	for _, names := range lists {
		for _, name := range names {
			src, err := l.read(name)
			if err != nil {
				h.text(err.Error())
				continue
			}
			h.text(filepath.Base(name))
			h.bytes(src)
		}
		h.text("")
	}
}

// digest computes the digests of one of the user's packages: of all its files, and of what others see of it.
func (l *Listing) digest(p *Package) {
	h := newDigest()
	h.text(p.Path, p.Name)
	l.contents(h, p.GoFiles, p.OtherFiles, p.EmbedFiles, p.IgnoredFiles, p.TestGoFiles)
	h.text(p.EmbedPatterns...)
	p.content = h.sum()

	k := newDigest()
	k.bytes(l.keys.base[:])
	k.text("api", p.Dir) // a stub's imports are named by what is imported
	k.bytes(p.content[:])
	for _, path := range sortedKeys(p.Imports) {
		k.text(path, p.Imports[path].Name)
	}
	key := filecache.Key(k.sum())
	if kept, ok := l.cache.Get(key); ok && len(kept) == sha256.Size+1 {
		p.api, p.stubbed, p.mentions = [sha256.Size]byte(kept), kept[sha256.Size]&1 != 0, kept[sha256.Size]&2 != 0
		return
	}
	p.api, p.stubbed = l.api(p)
	p.mentions = l.mentions(p)
	kept := append(p.api[:], 0)
	if p.stubbed {
		kept[sha256.Size] |= 1
	}
	if p.mentions {
		kept[sha256.Size] |= 2
	}
	l.cache.Put(key, kept)
}

// mention finds directives, and what looks as if it should be one.
var mention = regexp.MustCompile(`(?i)(//|/\*)[ \t]*cache(gen)?[ \t]*:`)

// mentions reports whether there may be directives in a package: in its tests and in files of other targets too, where they are mistakes.
func (l *Listing) mentions(p *Package) bool {
	return slices.ContainsFunc(slices.Concat(p.GoFiles, p.IgnoredFiles, p.TestGoFiles), func(name string) bool {
		src, err := l.read(name)
		return err == nil && mention.Match(src)
	})
}

// api digests the declarations of a package without function bodies and comments, with its stubs.
func (l *Listing) api(p *Package) (sum [sha256.Size]byte, stubbed bool) {
	h := newDigest()
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(fset, name, p.sources[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return p.content, false // it will be looked at again anyway
		}
		files = append(files, file)
		h.text(file.Name.Name, file.GoVersion)
		declarations(h, fset, file, p.sources[name])
	}
	for _, s := range stubsOf(fset, p, files) {
		stubbed = true
		h.bytes(s.source)
	}
	return h.sum(), stubbed
}

// declarations writes the tokens of a file's declarations.
func declarations(h digest, fset *token.FileSet, file *ast.File, src []byte) {
	offset := func(pos token.Pos) int { return fset.PositionFor(pos, false).Offset }
	for _, decl := range file.Decls {
		end := decl.End()
		if f, ok := decl.(*ast.FuncDecl); ok && f.Body != nil {
			end = f.Body.Pos()
		}
		tokens(h, src[offset(decl.Pos()):min(offset(end), len(src))])
	}
}

func tokens(h digest, src []byte) {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(src)), src, nil, 0)
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			h.text("")
			return
		}
		h.text(tok.String(), lit)
	}
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
