package generator

import (
	"context"
	"crypto/sha256"
	"io"
	"maps"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/cachegen/cachegen/generator/internal/compact"
	"github.com/cachegen/cachegen/generator/internal/filecache"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/closure"
	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/extract"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// code is the user's code, as far as it had to be looked at: packages about which not enough is
// known from before are type-checked.
type code struct {
	listing *load.Listing
	prog    *load.Program
	cache   *filecache.Cache
	// recalled are the packages with directives that were not looked at, wanted those that were.
	recalled []*annotated
	wanted   []*load.Package
	// summaries are those of all of the user's packages, in order of dependency.
	summaries []*facts.Summary
}

// loadCode lists the packages, finds what is known about them, and looks at the rest and at those
// with the paths in look.
func loadCode(ctx context.Context, cfg Config, look map[string]bool) (*code, error) {
	cache := filecache.Default()
	if cfg.NoCache {
		cache = nil
	}
	listing, err := load.List(ctx, load.Config{Dir: cfg.Dir, Patterns: cfg.Patterns, Tags: cfg.Tags}, cache)
	if err != nil {
		return nil, err
	}
	c := &code{listing: listing, cache: cache}
	known := recall(cache, listing)
	var recalled []*facts.Summary
	for _, p := range listing.Local {
		if s := known[p]; s != nil {
			recalled = append(recalled, s)
		}
		if known[p] == nil || p.HasDirectives() && !c.recall(p, look) {
			c.wanted = append(c.wanted, p)
		}
	}
	fresh := map[*load.Package]*facts.Summary{}
	var mu sync.Mutex
	collector := extract.NewCollector(recalled)
	c.prog, err = listing.Check(ctx, c.wanted, func(prog *load.Program, p *load.Package) {
		if known[p] != nil {
			return
		}
		s := collector.Summarize(prog, p)
		mu.Lock()
		fresh[p] = s
		mu.Unlock()
	})
	if err != nil {
		return nil, err
	}
	keepSummaries(cache, listing, fresh)
	maps.Copy(known, fresh)
	for _, p := range listing.Local {
		c.summaries = append(c.summaries, known[p])
	}
	return c, nil
}

// recall finds what is known of a package with directives, and reports whether that is enough.
func (c *code) recall(p *load.Package, look map[string]bool) bool {
	if look[p.Path] {
		return false
	}
	a := recallAnnotations(c.cache, c.listing, p)
	if a == nil {
		return false
	}
	c.recalled = append(c.recalled, a)
	return true
}

// graph joins what is known. It must know all cached functions, because code may call their
// wrappers.
func (c *code) graph(cached []facts.Root) *closure.Graph {
	return closure.LinkKept(c.keeper(), extract.Packages(c.listing.Packages), c.summaries, cached...)
}

// keeper keeps what was joined from the summaries. Those of packages with errors follow from more
// than their keys.
func (c *code) keeper() effects.Keeper {
	if c.cache == nil || c.listing.HasErrors() {
		return nil
	}
	h := sha256.New()
	io.WriteString(h, "joined\n")
	for i, p := range c.listing.Local {
		if len(p.Errors) > 0 || len(c.summaries[i].Errors) > 0 {
			return nil
		}
		key := c.listing.Key(p)
		h.Write(key[:])
	}
	return keptJoin{c.cache, filecache.Key(h.Sum(nil))}
}

// keptJoin is an entry of the cache.
type keptJoin struct {
	cache *filecache.Cache
	key   filecache.Key
}

// Get returns what was kept.
func (k keptJoin) Get() ([]byte, bool) { return k.cache.Get(k.key) }

// Put keeps data.
func (k keptJoin) Put(data []byte) { k.cache.Put(k.key, data) }

// summaryForm is the form in which summaries are kept.
var summaryForm = compact.Of[facts.Summary]()

// recall returns the summaries that were kept and still hold: none where the listing has errors.
func recall(cache *filecache.Cache, listing *load.Listing) map[*load.Package]*facts.Summary {
	known := map[*load.Package]*facts.Summary{}
	if listing.HasErrors() {
		return known
	}
	found := make([]*facts.Summary, len(listing.Local))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range listing.Local {
		key := listing.Key(p)
		group.Go(func() error {
			data, ok := cache.Get(key)
			if !ok {
				return nil
			}
			if s, err := summaryForm.Unmarshal(data); err == nil && s.Path == p.Path {
				found[i] = s
			}
			return nil
		})
	}
	_ = group.Wait() // what can't be read is not known
	for i, p := range listing.Local {
		if found[i] != nil {
			known[p] = found[i]
		}
	}
	return known
}

// keepSummaries keeps the summaries of packages without errors.
func keepSummaries(cache *filecache.Cache, listing *load.Listing, summaries map[*load.Package]*facts.Summary) {
	if cache == nil {
		return
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for p, s := range summaries {
		if len(p.Errors) > 0 || len(s.Errors) > 0 {
			continue
		}
		key := listing.Key(p)
		group.Go(func() error {
			cache.Put(key, summaryForm.Marshal(s))
			return nil
		})
	}
	_ = group.Wait() // what can't be kept is found out again
}
