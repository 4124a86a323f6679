package pairs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/store"
)

// system is a function in two processes, over one store.
type system struct {
	*subject
	urls      map[string]string // of stores
	processes [2]*process
	receivers [2]*receiver

	mu    sync.Mutex
	made  []*made
	marks []mark
	diary []string // for who has to find out what went wrong
}

// process is what a process is to its results: a cache, until it ends.
type process struct {
	cache  *cache.Cache
	life   int // how often it was started again
	number int
}

// made is what an execution, or a Put, came to. Its serial number is its index.
type made struct {
	ident            string
	n                int
	kind             kind
	failed, kept     bool
	process, life    int
	began, completed time.Time
}

func (m *made) String() string {
	const clock = "04:05.000"
	return fmt.Sprintf("{%s, kind %d, failed %v, kept %v, by process %d.%d, %s-%s}", m.ident, m.kind, m.failed, m.kept, m.process, m.life,
		m.began.Format(clock), m.completed.Format(clock))
}

// mark is what makes results unusable.
type mark struct {
	of      func(*made) bool
	process int
	at      time.Time
}

// execution is the observer of one step's executions, in the background too.
type execution struct {
	*system
	step
	*process
}

// failure is the error of an execution.
type failure struct{ serial int }

func (f failure) Error() string { return fmt.Sprint("failure ", f.serial) }

func (y *system) start(i int) error {
	config := cache.Config{URL: y.urls["first"], Stores: map[string]store.Store{}}
	s, err := store.Open(context.Background(), y.urls["second"])
	if err != nil {
		return err
	}
	config.Stores["second"] = s
	c, err := cache.New(config)
	if err != nil {
		return err
	}
	life := 0
	if y.processes[i] != nil {
		life = y.processes[i].life + 1
	}
	y.processes[i] = &process{c, life, i}
	return nil
}

func (p *process) end() error { return p.cache.Close(context.Background()) }

// newSystem returns two processes that share the two stores at base, a URL without an end.
func newSystem(s *subject, base string) (*system, error) {
	y := &system{subject: s, urls: map[string]string{"first": base + "1", "second": base + "2"}, receivers: [2]*receiver{{"a"}, {"b"}}}
	return y, errors.Join(y.start(0), y.start(1))
}

// context is that of a step.
func (y *system) context(s step) context.Context {
	p := y.processes[s.Process]
	ctx := cache.Observe(cache.WithCache(context.Background(), p.cache), func(e cache.Event) {
		y.tell("process %d: %v %v %v %v age %v %v", p.number, e.Outcome, e.Reason, e.Tier, e.Func, e.Age, e.Err)
	})
	ctx = context.WithValue(ctx, choiceKey{}, s.Choice)
	ctx = context.WithValue(ctx, observerKey{}, execution{y, s, p})
	if s.Run != "" {
		ctx = cache.WithRun(ctx, s.Run)
	}
	if s.Mode != 0 {
		ctx = cache.WithMode(ctx, s.Mode)
	}
	if s.Age >= 0 {
		ctx = cache.WithMaxAge(ctx, s.Age)
	}
	return ctx
}

// unkeyed reports whether a step's call has no key.
func (y *system) unkeyed(s step) bool {
	return y.has("per=run") && s.Run == "" || y.has("policy=governor") && s.Choice.Policy == 2
}

// ident is what identifies a result, n being s's or another one of its batch.
func (y *system) ident(s step, n int) string {
	var parts []any
	switch {
	case y.has("key"):
		parts = append(parts, "key", n+s.Extra)
	case y.has("ignore"):
		parts = append(parts, "n", n)
	default:
		parts = append(parts, "n", n, s.Extra)
	}
	if y.has("vary") {
		parts = append(parts, "tenant", s.Choice.Tenant)
	}
	if y.has("policy=governor") {
		parts = append(parts, "policy", s.Choice.Policy)
	}
	if y.has("per=run") {
		parts = append(parts, "run", s.Run)
	}
	if y.has("per=receiver") {
		parts = append(parts, "receiver", s.Receiver)
	}
	return strings.TrimSpace(fmt.Sprintln(parts...))
}

// executed notes an execution, which takes a while.
func (e execution) executed(n, _ int) (value, error) {
	y := e.system
	m := &made{ident: y.ident(e.step, n), n: n, kind: e.Kind, failed: e.Fails, process: e.number, life: e.life, began: time.Now()}
	m.kept = !e.Fails && !y.unkeyed(e.step) && (e.Mode == 0 || e.Mode == cache.Use || e.Mode == cache.Refresh) &&
		(!y.has("unless") || e.Kind != unwant)
	time.Sleep(10 * time.Millisecond)
	m.completed = time.Now()
	serial := y.note(m)
	if e.Fails {
		return value{}, failure{serial}
	}
	return value{serial, e.Kind, []int{n}}, nil
}

// tell notes what happened.
func (y *system) tell(format string, args ...any) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.diary = append(y.diary, time.Now().Format("04:05.000 ")+fmt.Sprintf(format, args...))
}

// note adds what was made, and returns its serial number.
func (y *system) note(m *made) int {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.made = append(y.made, m)
	y.diary = append(y.diary, fmt.Sprintf("made %d: %v", len(y.made)-1, m))
	return len(y.made) - 1
}

// forget notes that results are unusable from now on.
func (y *system) forget(s step, of func(*made) bool) {
	y.marks = append(y.marks, mark{of, s.Process, time.Now()})
}

// do does a step, and returns what is wrong with it.
func (y *system) do(s step) error {
	y.tell("%+v", s)
	defer time.Sleep(s.Wait)
	ctx := y.context(s)
	c := y.control(ctx, y.receivers[s.Receiver], s.N, s.Extra)
	ident := y.ident(s, s.N)
	switch s.What {
	case "call":
		return y.called(ctx, s)
	case "lookup":
		v, e, ok := c.lookup(ctx)
		return y.judgeLookup(s, v, e, ok)
	case "put":
		return y.put(ctx, s, c, ident)
	case "forget":
		y.forget(s, func(m *made) bool { return m.ident == ident })
		return y.expect(c.forget(ctx), s)
	case "clear":
		if y.has("target") {
			return nil // there is nothing to find targets by
		}
		y.forget(s, func(m *made) bool {
			return !y.has("per=receiver") || strings.HasSuffix(m.ident, fmt.Sprint("receiver ", s.Receiver))
		})
		return c.clear(ctx)
	case "tag", "all":
		return y.forgetTag(ctx, s)
	case "run":
		if s.Run == "" || !y.has("per=run") {
			return nil
		}
		y.forget(s, func(m *made) bool { return strings.Contains(m.ident, "run "+s.Run) })
		return cache.ForgetRun(ctx, s.Run)
	case "restart":
		p := y.processes[s.Process]
		return errors.Join(p.end(), y.start(s.Process))
	}
	return errors.New("no such step")
}

// forgetTag forgets the tag of an input, or that of all.
func (y *system) forgetTag(ctx context.Context, s step) error {
	if !y.has("tags") {
		return nil
	}
	if s.What == "all" {
		y.forget(s, func(*made) bool { return true })
		return cache.ForgetTags(ctx, "all")
	}
	if !y.has("key") {
		y.forget(s, func(m *made) bool { return m.n == s.N })
	}
	return cache.ForgetTags(ctx, fmt.Sprint("n", s.N))
}

// put puts a result.
func (y *system) put(ctx context.Context, s step, c control, ident string) error {
	now := time.Now()
	m := &made{ident: ident, n: s.N, process: s.Process, life: y.processes[s.Process].life, began: now, completed: now}
	m.kept = !y.unkeyed(s) && s.Mode != cache.Bypass && s.Mode != cache.ReadOnly && s.Mode != cache.Frozen
	v := value{y.note(m), good, []int{s.N}}
	err := c.put(ctx, v)
	if !y.has("share") {
		v.Seen[0] = -1
	}
	if !m.kept && errors.Is(err, cache.ErrReadOnly) {
		return nil
	}
	return y.expect(err, s)
}

// expect returns err if there should be none, or none if there should be one: where a step's call
// has no key.
func (y *system) expect(err error, s step) error {
	if y.unkeyed(s) != (err != nil) {
		return fmt.Errorf("%s: error %v", s.What, err)
	}
	return nil
}

// called makes a call, and judges what it came to.
func (y *system) called(ctx context.Context, s step) error {
	c := call{system: y, step: s, life: y.processes[s.Process].life, at: time.Now(), first: len(y.made)}
	c.got, c.err = y.call(ctx, y.receivers[s.Receiver], s.N, s.Extra)
	c.end = time.Now()
	if err := c.judge(); err != nil {
		return fmt.Errorf("%w; got %+v, %v", err, c.got, c.err)
	}
	if c.err == nil && !y.has("share") {
		c.got.Seen[0] = -1 // nobody else may see that
	}
	return nil
}
