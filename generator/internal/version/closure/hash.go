package closure

import (
	"crypto/sha256"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// selfNames replace a function's own name: it is no part of its version.
func selfNames(fn facts.ID) map[facts.ID]facts.ID {
	return map[facts.ID]facts.ID{fn: {Package: "", Name: "self"}, fn.Prefixed(facts.WrapperPrefix): {Package: "", Name: "own wrapper"}}
}

// pair is an object with the hash of its declaration.
type pair struct {
	id   facts.ID
	hash [sha256.Size]byte
}

// HashBody hashes the declaration of the root alone.
func (c *Closure) HashBody() string {
	h := facts.Hasher{Hash: sha256.New()}
	h.Text("body")
	hash := facts.LocalHash(c.root, selfNames(c.root.ID))
	h.Bytes(hash[:])
	return h.Version()
}

// Hash hashes the closure of a function: names and local hashes, in the order of names.
func (c *Closure) Hash(fn facts.ID) string {
	self := selfNames(fn)
	root := self[fn]
	if c.byName(fn) {
		root = fn
	}
	var pairs []pair
	for _, v := range c.order {
		n := c.node(v)
		if !n.Kind.Content() {
			continue
		}
		name := v.id
		if name == fn {
			name = root
		}
		pairs = append(pairs, pair{name, n.HashAs(self)})
	}
	pairs = append(pairs, c.vendored()...)
	slices.SortFunc(pairs, func(a, b pair) int { return a.id.Compare(b.id) })
	h := facts.Hasher{Hash: sha256.New()}
	h.Text("deep")
	h.ID(root) // rule 1: two functions may reach the same
	h.Count(len(pairs))
	for _, p := range pairs {
		h.ID(p.id)
		h.Bytes(p.hash[:])
	}
	return h.Version()
}

// byName reports whether a method may be called by its name, through an interface, in its own
// closure. Then the name matters.
func (c *Closure) byName(fn facts.ID) bool {
	typeName, _, isMethod := strings.Cut(fn.Name, ".")
	if !isMethod {
		return false
	}
	return slices.ContainsFunc([]string{facts.MethodsPrefix, facts.EncodedPrefix, facts.PrintedPrefix, facts.DecodedPrefix}, func(prefix string) bool {
		return c.Reaches(facts.ID{Package: fn.Package, Name: prefix + typeName})
	})
}

// vendored hashes the packages that are read from vendor directories: what is in them may differ from the module's version.
func (c *Closure) vendored() []pair {
	var pairs []pair
	for path := range c.outside {
		p := c.g.packages[path]
		if !p.Vendored {
			continue
		}
		h := facts.Hasher{Hash: sha256.New()}
		for _, f := range slices.Sorted(slices.Values(p.Files)) {
			name, err := filepath.Rel(p.Dir, f)
			if err != nil {
				name = filepath.Base(f)
			}
			h.Text(filepath.ToSlash(name))
			h.Text(facts.FileDigest(f))
		}
		pairs = append(pairs, pair{facts.ID{Package: path, Name: facts.VendoredName}, [sha256.Size]byte(h.Sum(nil))})
	}
	return pairs
}
