package simulator

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// process is one program: a cache with a clock and a link to the store.
type process struct {
	number int
	clock  clock
	link   *link
	cache  *engine.Cache

	mu     sync.Mutex
	heard  int64             // since when it hears of everything
	whole  int64             // since when its link does all that it should
	runs   map[topic][]run   // that ended lately
	known  map[int]time.Time // when it first knew how long a function takes
	closed bool
}

// bytes bounds the memory of a process, entries that of each function in it.
const (
	bytes   = 64 << 10
	entries = 40
)

func (w *world) start(number int, r *rand.Rand) *process {
	p := &process{number: number, clock: newClock(r, w.plan.Apart), link: w.medium.open(), heard: time.Now().UnixNano(), whole: time.Now().UnixNano(), known: map[int]time.Time{}, runs: map[topic][]run{}}
	cache, err := engine.NewCache(engine.Config{
		Store: p.link, Now: p.clock.now, MemoryBytes: bytes, MemoryEntries: entries, Mode: engine.Use, Logger: silent,
		Random: newDice(r.Uint64()).below,
	})
	if err != nil {
		panic(err) // the configuration is this package's
	}
	p.cache = cache
	return p
}

// String names the process.
func (p *process) String() string {
	if p == nil {
		return "a refresh, or long ago"
	}
	return fmt.Sprintf("process %d, %v off", p.number, p.clock.off)
}

// context returns a context whose calls use the process's cache.
func (p *process) context() context.Context {
	return engine.With(context.Background(), func(s *engine.Settings) { s.Cache = p.cache })
}

// condition changes the state of the process's link.
func (p *process) condition(c condition) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = since(p.heard, c.hears())
	p.whole = since(p.whole, c == sound)
	p.link.set(c)
}

// never is since when a process whose link is down hears of everything.
const never = 1<<62 - 1

// since is since when something is so, as it was since a moment, or is not.
func since(moment int64, is bool) int64 {
	switch {
	case !is:
		return never
	case moment == never:
		return time.Now().UnixNano()
	}
	return moment
}

// hearsSince is since when the process has heard of everything.
func (p *process) hearsSince() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard
}

// missed notes that the process lost its watch just now.
func (p *process) missed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.heard != never {
		p.heard = time.Now().UnixNano()
	}
	if p.whole != never {
		p.whole = time.Now().UnixNano()
	}
}

// wholeSince is since when the process's link does all that it should.
func (p *process) wholeSince() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.whole
}

// knows notes that the process executed a function, and reports whether it did before.
func (p *process) knows(function int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, known := p.known[function]
	return known
}

func (p *process) learnt(function int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.known[function]; !known {
		p.known[function] = time.Now()
	}
}

// close closes the cache within a second, whatever the store does, and checks rule 5.
func (p *process) close(l *ledger) {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	began := time.Now()
	_ = p.cache.Close(ctx) // a store that hangs is an error
	if took := time.Since(began); took > time.Second+100*time.Millisecond {
		l.breaks("rule 5: Close of process %d took %v", p.number, took)
	}
	for name, do := range map[string]func(context.Context) error{
		"Forget":     func(ctx context.Context) error { return functions[plain].forget(ctx, 0) },
		"Put":        func(ctx context.Context) error { return functions[plain].put(ctx, l, plain, 0) },
		"Clear":      functions[plain].cache.Clear,
		"ForgetTags": func(ctx context.Context) error { return engine.ForgetTags(ctx, tagOf(0)) },
	} {
		if err := do(p.context()); !errors.Is(err, engine.ErrClosed) {
			l.breaks("rule 5: %s of process %d returned %v after Close", name, p.number, err)
		}
	}
}
