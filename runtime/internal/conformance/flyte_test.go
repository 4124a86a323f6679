package conformance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// behavior="auto": the version is computed from the code.
func TestFlyteAuto(t *testing.T) {
	p := memory(t)
	want(t, 1)(cachedAutomatic(p.ctx, 1))
	want(t, 1)(cachedAutomatic(p.ctx, 1))
	want(t, 2)(cachedAutomatic(p.ctx, 2))
	automatic := func(f cache.FunctionInfo) bool {
		return strings.HasSuffix(f.Name, ".automatic") && strings.HasPrefix(f.Version, "v1:")
	}
	if !slices.ContainsFunc(cache.Functions(), automatic) {
		t.Error(cache.Functions())
	}
}

// behavior="override", version_override: the version says what the code does, whatever it is; another one is another cache. Unlike
// Flyte's, a local cache reads what it wrote, and a salt counts.
func TestFlyteOverride(t *testing.T) {
	p := memory(t)
	want(t, 1)(cachedOverridden(p.ctx, 1))
	want(t, 1)(cachedOverriddenToo(p.ctx, 1))
	want(t, 2)(cachedOverriddenNext(p.ctx, 1))
	want(t, 3)(cachedOverriddenSalted(p.ctx, 1))
}

// behavior="disable".
func TestFlyteDisable(t *testing.T) {
	p, before := memory(t), disabledCache.Stats().Bypassed
	want(t, 1)(cachedDisabled(p.ctx, 1))
	want(t, 2)(cachedDisabled(p.ctx, 1))
	if e := p.events.last(); e.Outcome != cache.Bypassed || disabledCache.Stats().Bypassed-before != 2 { // CACHE_DISABLED
		t.Errorf("%+v", e)
	}
}

// ignored_inputs. (Package defaults are tested in package defaults; names of inputs that don't exist are refused, see testdata/script.)
func TestFlyteIgnoredInputs(t *testing.T) {
	p := memory(t)
	want(t, 1)(cachedIgnoring(p.ctx, 1, slog.Default(), false))
	want(t, 1)(cachedIgnoring(p.ctx, 1, nil, true))
	want(t, 2)(cachedIgnoring(p.ctx, 2, slog.Default(), true))
}

// The types of inputs and outputs are in the key: an input of another type is another entry, though name, version and text are the same.
func TestFlyteInterface(t *testing.T) {
	p := memory(t)
	want(t, 1)(cachedText(p.ctx, "1"))
	want(t, 2)(cachedNumber(p.ctx, 1))
	want(t, 1)(cachedText(p.ctx, "1"))
}

// However a call is written, the same inputs have one key.
func TestFlyteCallShapes(t *testing.T) {
	p := memory(t)
	call := cachedSeveral
	want(t, 1)(cachedSeveral(p.ctx, 1, 2))
	want(t, 1)(cachedSeveral(p.ctx, []int{1, 2}...))
	want(t, 1)(call(p.ctx, append([]int{1}, 2)...))
	want(t, 2)(cachedSeveral(p.ctx, 12))
}

// A key is the same for ever. If this test fails, users' results are lost: that needs a new format number, and a note. The key is one of this test
// binary, for the path of its main package is in it.
func TestFlyteGoldenKey(t *testing.T) {
	c, err := cache.New(cache.Config{URL: "none", Project: "project", Domain: "domain"})
	must(t, err)
	ctx := cache.WithCache(t.Context(), c)
	want(t, "05394895f5559af2dbcb9f6e5596f9e7b9d13a50c86cd84eb2446d5880baa0c0")(overriddenSaltedCache.Key(ctx, overriddenSaltedArgs{1}))
}

// A custom policy is asked at each call, and its answer is part of the version. One that fails is not left out of the key: the call is
// executed, unlike Prefect's.
func TestFlytePolicies(t *testing.T) {
	p := memory(t)
	with := func(image any) context.Context { return context.WithValue(p.ctx, imageKey{}, image) }
	want(t, 1)(cachedInImage(with("a"), 1))
	want(t, 2)(cachedInImage(with("b"), 1))
	want(t, 1)(cachedInImage(with("a"), 1))
	broken := errors.New("no image")
	want(t, 3)(cachedInImage(with(broken), 1))
	want(t, 4)(cachedInImage(with(broken), 1))
	if e := p.events.last(); e.Outcome != cache.Bypassed || e.Reason != cache.Unkeyed || !errors.Is(e.Err, broken) {
		t.Errorf("%+v", e)
	}
}

// overwrite-cache: everything that a call tree reaches is executed once more, once each, and later calls see it.
func TestFlyteOverwrite(t *testing.T) {
	p := memory(t)
	want(t, 201)(cachedOuter(p.ctx, 1)) // outer is the second to be executed
	ctx := cache.WithMode(p.ctx, cache.Refresh)
	want(t, 403)(cachedOuter(ctx, 1))
	want(t, 3)(cachedAutomatic(ctx, 1)) // new enough for who asked for it
	want(t, 403)(cachedOuter(p.ctx, 1))
	want(t, 3)(cachedAutomatic(p.ctx, 1))
}

// What a call came to is told to code.
func TestFlyteStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := memory(t)
		p.set(func(context.Context, string) error { time.Sleep(time.Second); return nil })
		var joined cache.Event
		first := start(func() (int, error) { return cachedAutomatic(p.ctx, 1) })
		synctest.Wait()
		ctx := cache.Observe(p.in(t.Context(), p.cache), func(e cache.Event) { joined = e })
		want(t, 1)(cachedAutomatic(ctx, 1))
		<-first
		if joined.Outcome != cache.Joined {
			t.Errorf("%+v", joined)
		}
		miss := p.events.last()
		if miss.Outcome != cache.Miss || miss.Reason != cache.NeverSeen || miss.Cost != time.Second || len(miss.Key.String()) != 64 {
			t.Errorf("%+v", miss)
		}
		time.Sleep(time.Minute)
		want(t, 1)(cachedAutomatic(p.ctx, 1))
		hit := p.events.last()
		// Nobody looked at a clock for the age: the function has no max-age.
		if hit.Outcome != cache.Hit || hit.Tier != cache.Memory || hit.Age != 0 || hit.Cost != time.Second || hit.Key.String() != miss.Key.String() {
			t.Errorf("%+v", hit)
		}
		if hit.Func != "github.com/cachegen/cachegen/runtime/internal/conformance.automatic" {
			t.Error(hit.Func)
		}
	})
}

// Results of one project and domain are not seen in another.
func TestFlyteProjectAndDomain(t *testing.T) {
	url := folder(t)
	p := open(t, cache.Config{URL: url, Project: "sales", Domain: "production"})
	q := p.beside(t, cache.Config{URL: url, Project: "sales", Domain: "staging"})
	r := p.beside(t, cache.Config{URL: url})
	want(t, 1)(cachedAutomatic(p.ctx, 1))
	want(t, 2)(cachedAutomatic(q.ctx, 1))
	want(t, 3)(cachedAutomatic(r.ctx, 1))
	p.close()
	want(t, 1)(cachedAutomatic(cache.WithScope(r.ctx, cache.Scope{Project: "sales", Domain: "production"}), 1))
	want(t, 4)(cachedAutomatic(cache.WithScope(r.ctx, cache.Scope{Project: "salesproduction"}), 1))
	must(t, automaticCache.Clear(q.ctx))
	want(t, 5)(cachedAutomatic(q.ctx, 1))
	want(t, 3)(cachedAutomatic(r.ctx, 1))
}

func init() {
	programs["automatic"] = func(ctx context.Context, _ *world) (any, error) { return cachedAutomatic(ctx, 1) }
	programs["clear"] = func(ctx context.Context, _ *world) (any, error) { return nil, automaticCache.Clear(ctx) }
}

// A local cache can be cleared, and switched off.
func TestFlyteLocalCache(t *testing.T) {
	m := newMachine(t)
	m.expect("automatic", "1 <nil>")
	m.expect("automatic", "1 <nil>")
	m.expect("automatic", "2 <nil>", "CACHEGEN_MODE=bypass")
	m.expect("automatic", "1 <nil>")
	m.expect("clear", "<nil> <nil>")
	m.expect("automatic", "3 <nil>")
	m.expect("automatic", "4 <nil>", "CACHEGEN_PROJECT=another")
	m.expect("automatic", "5 <nil>", "CACHEGEN_MODE=refresh")
	m.expect("automatic", "5 <nil>")
}

// What is wrong is in the log, and fails no call.
func TestFlyteLogs(t *testing.T) {
	m := newMachine(t)
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	m.url = "dir://" + filepath.ToSlash(file)
	out := m.run("automatic")
	if !strings.HasSuffix(out, "1 <nil>") || !strings.Contains(out, "conformance.automatic") || !strings.Contains(out, "store failed") {
		t.Error(out)
	}
}

func init() {
	programs["steps"] = func(ctx context.Context, w *world) (any, error) {
		w.set(func(ctx context.Context, what string) error {
			if what == "step 3" && len(w.executions()) == 3 {
				return hang(ctx, what)
			}
			return nil
		})
		var all []int
		for n := range 5 {
			v, err := cachedStep(cache.WithRun(ctx, "run"), n+1)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		return all, nil
	}
}

// Traces: a program that is started again after it was killed doesn't repeat the steps that it had finished.
func TestFlyteTraces(t *testing.T) {
	m := newMachine(t)
	c := m.start("steps")
	m.await("step 3")
	m.awaitEntries(2)
	c.kill()
	m.expect("steps", "[1 2 4 5 6] <nil>")
	if got := m.executed(); !slices.Equal(got, []string{"step 1", "step 2", "step 3", "step 3", "step 4", "step 5"}) {
		t.Errorf("%q", got)
	}
	m.expect("steps", "[1 2 4 5 6] <nil>")
}

// Steps belong to their run.
func TestFlyteTracesOfOtherRuns(t *testing.T) {
	p := memory(t)
	a, b := cache.WithRun(p.ctx, "a"), cache.WithRun(p.ctx, "b")
	want(t, 1)(cachedStep(a, 1))
	want(t, 2)(cachedStep(b, 1))
	want(t, 1)(cachedStep(a, 1))
	must(t, cache.ForgetRun(p.ctx, "a"))
	want(t, 3)(cachedStep(a, 1))
	want(t, 2)(cachedStep(b, 1))
	want(t, 4)(cachedStep(p.ctx, 1))
	if e := p.events.last(); e.Outcome != cache.Bypassed || e.Reason != cache.NoRun {
		t.Errorf("%+v", e)
	}
}

// contenders is how many processes want one result.
const contenders = 5

func init() {
	contend := func(during func(ctx context.Context, w *world) error) program {
		return func(ctx context.Context, w *world) (any, error) {
			w.set(func(ctx context.Context, _ string) error { return during(ctx, w) })
			if _, err := w.note("ready"); err != nil {
				return nil, err
			}
			return cachedSerialized(ctx, 1)
		}
	}
	// The lease is a second: an execution that takes longer has to extend it.
	programs["serialized"] = contend(func(ctx context.Context, w *world) error {
		time.Sleep(2500 * time.Millisecond)
		return w.await("ready", contenders)
	})
	programs["serialized, first fails"] = contend(func(ctx context.Context, w *world) error {
		if err := w.await("ready", contenders); err != nil {
			return err
		}
		if w.executed() == 1 {
			time.Sleep(100 * time.Millisecond)
			return errors.New("broken")
		}
		return nil
	})
	programs["serialized, first panics"] = contend(func(ctx context.Context, w *world) error {
		if err := w.await("ready", contenders); err != nil {
			return err
		}
		if w.executed() == 1 {
			time.Sleep(100 * time.Millisecond)
			panic("broken")
		}
		return nil
	})
	programs["serialized, first hangs"] = contend(func(ctx context.Context, w *world) error {
		if w.executed() == 1 {
			return hang(ctx, "")
		}
		return nil
	})
	programs["serialized, all fail"] = contend(func(ctx context.Context, w *world) error {
		if err := w.await("ready", contenders); err != nil {
			return err
		}
		if w.executed() > 2 { // no convoy: all who are left are here at once
			if err := w.await("serialized 1", contenders); err != nil {
				return err
			}
		}
		return errors.New("broken")
	})
}

// executed returns how often the function was executed so far.
func (w *world) executed() (n int) {
	for _, line := range w.executions() {
		if line == "serialized 1" {
			n++
		}
	}
	return n
}

// contend runs a program in as many processes as there are contenders, and returns what each printed.
func (m *machine) contend(name string) []string {
	m.t.Helper()
	var children []*child
	for range contenders {
		children = append(children, m.start(name))
	}
	var out []string
	for _, c := range children {
		_ = c.cmd.Wait()
		out = append(out, strings.TrimSpace(c.out.String()))
	}
	return out
}

// cache_serialize: one execution among all processes, however long it takes.
func TestFlyteSerialize(t *testing.T) {
	m := newMachine(t)
	out := m.contend("serialized")
	if n := (&world{log: m.log}).executed(); n != 1 {
		t.Errorf("%d executions", n)
	}
	for _, s := range out {
		if s != out[0] || !strings.HasSuffix(s, " <nil>") {
			t.Errorf("%q", out)
		}
	}
}

// A hit asks for no lease, wherever it is found.
func TestFlyteHitAsksForNoLease(t *testing.T) {
	m := fakestore.New()
	first, second := m.Open(), m.Open()
	p := open(t, cache.Config{Store: first})
	want(t, 1)(cachedSerialized(p.ctx, 1))
	want(t, 1)(cachedSerialized(p.ctx, 1))
	p.close()
	if n := first.Calls("Acquire"); n != 1 {
		t.Errorf("%d leases for an execution and a hit", n)
	}
	want(t, 1)(cachedSerialized(p.beside(t, cache.Config{Store: second}).ctx, 1))
	if n := second.Calls("Acquire"); n != 0 {
		t.Errorf("%d leases for a hit in the store", n)
	}
}

// The lease is released when the execution fails or panics, and one of those who wait takes over; Flyte 1 has them wait until it runs
// out.
func TestFlyteSerializeReleased(t *testing.T) {
	for _, how := range []string{"fails", "panics"} {
		t.Run(how, func(t *testing.T) {
			m := newMachine(t)
			out := m.contend("serialized, first " + how)
			failed := 0
			for _, s := range out {
				if strings.Contains(s, "broken") {
					failed++
				} else if !strings.HasSuffix(s, " <nil>") {
					t.Errorf("%q", s)
				}
			}
			if n := (&world{log: m.log}).executed(); n != 2 || failed != 1 {
				t.Errorf("%d executions, %d failed: %q", n, failed, out)
			}
		})
	}
}

// When the holder is killed one of those who wait takes over.
func TestFlyteSerializeHolderKilled(t *testing.T) {
	m := newMachine(t)
	holder := m.start("serialized, first hangs")
	m.await("serialized 1")
	var others []*child
	for range 2 {
		others = append(others, m.start("serialized, first hangs"))
	}
	must(t, (&world{log: m.log}).await("ready", 3))
	holder.kill()
	out := []string{others[0].end(), others[1].end()}
	if n := (&world{log: m.log}).executed(); n != 2 || out[0] != out[1] || !strings.HasSuffix(out[0], " <nil>") {
		t.Errorf("%d executions: %q", n, out)
	}
}

// Failures form no convoy: after the second one nobody waits for another one's failure.
func TestFlyteSerializeNoConvoy(t *testing.T) {
	m := newMachine(t)
	for _, s := range m.contend("serialized, all fail") {
		if !strings.HasSuffix(s, "broken") {
			t.Errorf("%q", s)
		}
	}
	if n := (&world{log: m.log}).executed(); n != contenders {
		t.Errorf("%d executions", n)
	}
}

// A wait is bounded by the caller's own context.
func TestFlyteSerializeWaitEndsWithContext(t *testing.T) {
	url := folder(t)
	p := open(t, cache.Config{URL: url})
	q := p.beside(t, cache.Config{URL: url})
	began, end := make(chan struct{}), make(chan struct{})
	p.set(func(context.Context, string) error { close(began); <-end; return nil })
	first := start(func() (int, error) { return cachedSerialized(p.ctx, 1) })
	<-began
	ctx, cancel := context.WithTimeout(q.ctx, 50*time.Millisecond)
	defer cancel()
	if _, err := cachedSerialized(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	close(end)
	if r := <-first; r != (result{1, nil}) {
		t.Error(fmt.Sprint(r))
	}
	p.set(nil)
	want(t, 1)(cachedSerialized(q.ctx, 1))
}

// Without a store to hold leases the call runs, and tells.
func TestFlyteSerializeWithoutStore(t *testing.T) {
	p := memory(t)
	want(t, 1)(cachedSerialized(p.ctx, 1))
	if len(p.events.faults()) == 0 {
		t.Error("nothing to see")
	}
}
