package load

import (
	"bytes"
	"go/token"
	"go/types"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/gcexportdata"

	"github.com/cachegen/cachegen/generator/internal/filecache"
)

// To check one edited package, the declarations of all that it imports have to be known. What the
// checker found out about them is kept in the form in which compilers keep it: then nothing else
// needs to be parsed. This is made from source, so it needs no code that compiles and no build
// cache, and is for the pinned platform.

// exportData is what is kept of packages that are not wanted, and read on demand.
type exportData struct {
	// kept is by package; those that have to be checked from source have none.
	kept map[*Package][]byte
	// packages are those that were read or checked, by path, and what was read of others: all
	// readers must find the same objects.
	packages map[string]*types.Package
}

// exportKey is the key under which the export data of a package is kept: it hashes all declarations
// that can be in there.
func (l *Listing) exportKey(p *Package) filecache.Key {
	h := newDigest()
	h.bytes(l.keys.base[:])
	seen := l.seen(p)
	h.text("export data", goVersion(p.Module))
	h.bytes(seen[:])
	return filecache.Key(h.sum())
}

// recallExports returns the export data that checking the packages in order needs, or nil if some
// is missing: part of it is no help, because a package that is checked from source is another than
// the one that export data was made with.
func (l *Listing) recallExports(order []*Package, wanted map[*Package]bool) *exportData {
	if l.cache == nil || l.HasErrors() {
		return nil
	}
	e := &exportData{map[*Package][]byte{}, map[string]*types.Package{}}
	var queue []*Package
	demanded := map[*Package]bool{}
	demand := func(p *Package) {
		if !wanted[p] && !demanded[p] && p.Path != "unsafe" {
			demanded[p] = true
			queue = append(queue, p)
		}
	}
	for _, p := range order {
		switch {
		case wanted[p]:
			for _, imported := range p.Imports {
				demand(imported)
			}
			for _, other := range l.others(p) {
				demand(other)
			}
		case p.surface.Stubbed: // code may call its wrappers without importing it
			demand(p)
		}
	}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		data, ok := l.cache.Get(l.exportKey(p))
		if !ok {
			return nil
		}
		e.kept[p] = data
		if len(data) == 0 {
			for _, imported := range p.Imports {
				demand(imported)
			}
		}
	}
	return e
}

// incomplete reports whether a package is needed and its export data can't say what it is.
func (e *exportData) incomplete(p *Package) bool {
	data, demanded := e.kept[p]
	return demanded && len(data) == 0
}

// read makes a package of its export data, if it is needed.
func (e *exportData) read(p *Package) (err error) {
	if data, demanded := e.kept[p]; demanded {
		p.Types, err = gcexportdata.Read(bytes.NewReader(data), token.NewFileSet(), e.packages, p.Path)
	}
	return err
}

// keepExports keeps the export data of the wanted packages, which were checked, and of what
// checking them again needs.
func (l *Listing) keepExports(wanted []*Package) {
	if l.cache == nil || l.HasErrors() {
		return
	}
	done := map[*Package]bool{}
	var next []*Package
	add := func(p *Package) {
		if !done[p] && p.Path != "unsafe" && p.Types != nil && (!p.Local() || len(p.Errors) == 0) {
			done[p] = true
			next = append(next, p)
		}
	}
	imports := func(p *Package) {
		for _, path := range sortedKeys(p.Imports) {
			add(p.Imports[path])
		}
	}
	for _, p := range wanted {
		imports(p)
		for _, other := range l.others(p) {
			add(other)
		}
		add(p)
	}
	for len(next) > 0 {
		packages := next
		next = nil
		for i, complete := range l.keepEach(packages) {
			if !complete {
				imports(packages[i])
			}
		}
	}
}

// keepEach keeps the export data of packages, and reports for each whether it was complete.
func (l *Listing) keepEach(packages []*Package) (complete []bool) {
	complete = make([]bool, len(packages))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range packages {
		key := l.exportKey(p)
		group.Go(func() error {
			if size, ok := l.cache.Size(key); ok {
				complete[i] = size > 0
				return nil
			}
			data := export(p)
			complete[i] = len(data) > 0
			l.cache.Put(key, data)
			return nil
		})
	}
	_ = group.Wait() // what can't be kept is found out again
	return complete
}

// export is the export data of a package, without positions. It is empty for a package that can't
// be in that form: such a package is checked from source each time.
func export(p *Package) (data []byte) {
	defer func() {
		if recover() != nil { // it knows no better way to say what can't be written
			data = nil
		}
	}()
	if p.surface.Stubbed || hasFloats(p.Types) { // stubs are told by their positions
		return nil
	}
	var b bytes.Buffer
	if err := gcexportdata.Write(&b, nil, p.Types); err != nil {
		return nil
	}
	return b.Bytes()
}

// hasFloats reports whether a package has constants that are no integers. Export data has another
// form of them, sometimes rounded. That makes no difference to a compiler, but versions are of
// exact values.
func hasFloats(p *types.Package) bool {
	return slices.ContainsFunc(p.Scope().Names(), func(name string) bool {
		c, ok := p.Scope().Lookup(name).(*types.Const)
		if !ok || !c.Exported() {
			return false
		}
		basic, ok := c.Type().Underlying().(*types.Basic)
		return !ok || basic.Info()&(types.IsFloat|types.IsComplex) != 0
	})
}
