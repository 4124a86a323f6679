package version

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/load"
)

// Version is what the code of a function means.
type Version struct {
	// Hash is "v1:" and 32 hexadecimal digits.
	Hash string
	// Modules are the paths of the modules outside that the function reaches, in order.
	Modules []string
	// Platform says that files are left out which other targets take, or that constants differ there: GOOS and GOARCH join the key.
	Platform bool
	// Warnings tell what the function reaches that no version can see, and what is refused: those are errors.
	Warnings []diag.Diagnostic

	root    ID
	closure *closure
}

// Errors are errors of packages that a function reaches: its version can't be known.
type Errors []load.Error

// Error is the first error, and how many more there are.
func (e Errors) Error() string {
	first := e[0].Msg
	if e[0].Pos.IsValid() {
		first = e[0].Pos.String() + ": " + first
	}
	if len(e) > 1 {
		return fmt.Sprintf("%s (and %d more errors)", first, len(e)-1)
	}
	return first
}

// Of computes the version of a function. The error is [Errors] if a package that it reaches has some.
func (g *Graph) Of(root Root) (*Version, error) { return g.OfPlain(root.Plain(g.loaded)) }

// OfPlain is [Graph.Of] for a root as plain data.
func (g *Graph) OfPlain(root Plain) (*Version, error) {
	fn := root.Func
	if g.nodes[fn] == nil {
		if p := g.packages[fn.Package]; p != nil && len(p.errors) > 0 {
			return nil, Errors(p.errors)
		}
		return nil, fmt.Errorf("%s is not in the program", fn)
	}
	if root.Body {
		v, err := g.body(fn)
		if err == nil {
			v.Warnings = g.Review(root)
		}
		return v, err
	}
	wrapper, _ := g.wrapper(root)
	c := g.reach(wrapper, root)
	if len(c.errors) > 0 {
		return nil, Errors(c.errors)
	}
	v := &Version{Modules: c.modules(), root: fn, closure: c}
	v.Hash, v.Platform = c.hash(fn)
	if root.needsReview() {
		v.Warnings = c.review(fn, root.Cached)
	}
	return v, nil
}

// Review returns what is refused of a function and what is warned of, whatever its version is. Where what it reaches has errors, it is
// nothing: those come first.
func (g *Graph) Review(root Plain) []diag.Diagnostic {
	if !root.needsReview() {
		return nil
	}
	wrapper, _ := g.wrapper(root)
	c := g.reach(wrapper, root)
	if len(c.errors) > 0 {
		return nil
	}
	return c.review(root.Func, root.Cached)
}

// body is the version of the function alone.
func (g *Graph) body(fn ID) (*Version, error) {
	if errs := g.packages[fn.Package].errors; len(errs) > 0 {
		return nil, Errors(errs)
	}
	h := hasher{sha256.New()}
	h.text("body")
	hash := localHash(g.nodes[fn], selfNames(fn))
	h.bytes(hash[:])
	c := &closure{g: g, root: g.nodes[fn], reached: map[ID]step{fn: {}}, outside: map[string]ID{}}
	return &Version{Hash: h.version(), root: fn, closure: c}, nil
}

// selfNames replace a function's own name: it is no part of its version.
func selfNames(fn ID) map[ID]ID {
	return map[ID]ID{fn: {"", "self"}, fn.prefixed(wrapperPrefix): {"", "own wrapper"}}
}

// pair is an object with the hash of its declaration.
type pair struct {
	id   ID
	hash [sha256.Size]byte
}

// hash hashes the closure of a function: names and local hashes, in the order of names.
func (c *closure) hash(fn ID) (version string, platform bool) {
	self := selfNames(fn)
	var pairs []pair
	for id := range c.reached {
		n := c.node(id)
		if n == nil || !n.Kind.content() {
			continue
		}
		platform = platform || n.Platform
		name := id
		if id == fn && !c.byName(fn) {
			name = self[fn]
		}
		pairs = append(pairs, pair{name, n.hashAs(self)})
	}
	pairs = append(pairs, c.vendored()...)
	slices.SortFunc(pairs, func(a, b pair) int { return a.id.Compare(b.id) })
	h := hasher{sha256.New()}
	h.text("deep")
	h.count(len(pairs))
	for _, p := range pairs {
		h.id(p.id)
		h.bytes(p.hash[:])
	}
	return h.version(), platform
}

// byName reports whether a method is called by its name, through an interface, in its own closure. Then the name matters.
func (c *closure) byName(fn ID) bool {
	typeName, _, isMethod := strings.Cut(fn.Name, ".")
	if !isMethod {
		return false
	}
	_, ok := c.reached[ID{fn.Package, methodsPrefix + typeName}]
	return ok
}

// vendored hashes the packages that are read from vendor directories: what is in them may differ from the module's version.
func (c *closure) vendored() []pair {
	var pairs []pair
	for path := range c.outside {
		p := c.g.packages[path]
		if !p.vendored {
			continue
		}
		h := hasher{sha256.New()}
		for _, f := range slices.Sorted(slices.Values(p.files)) {
			name, err := filepath.Rel(p.dir, f)
			if err != nil {
				name = filepath.Base(f)
			}
			h.text(filepath.ToSlash(name))
			h.text(fileDigest(f))
		}
		pairs = append(pairs, pair{ID{path, vendoredName}, [sha256.Size]byte(h.Sum(nil))})
	}
	return pairs
}
