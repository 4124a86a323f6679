package conformance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// cache_for (Prefect 1), cache_expiration (Prefect 2 and later).
func TestPrefectCacheFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := memory(t)
		want(t, 1)(cachedCachedFor(p.ctx, 1, 2))
		time.Sleep(time.Hour)
		want(t, 1)(cachedCachedFor(p.ctx, 1, 2))
		time.Sleep(time.Nanosecond)
		want(t, 2)(cachedCachedFor(p.ctx, 1, 2))
	})
}

// The built-in validators of Prefect 1: which of inputs and parameters of the flow may differ for a cached result to be used.
func TestPrefectValidators(t *testing.T) {
	flow := func(region, mode string) map[string]string { return map[string]string{"region": region, "mode": mode} }
	for name, test := range map[string]struct {
		call func(ctx context.Context, x, y int) (int, error)
		// Whether a result is used after: nothing changed, x, y, the flow's region, the flow's mode.
		same, x, y, region, mode bool
	}{
		"never_use":               {call: cachedNeverUsed},
		"duration_only":           {cachedDurationOnly, true, true, true, true, true},
		"all_inputs":              {cachedAllInputs, true, false, false, true, true},
		"all_parameters":          {cachedAllParameters, true, true, true, false, false},
		"partial_inputs_only":     {cachedPartialInputs, true, false, true, true, true},
		"partial_parameters_only": {cachedPartialParameters, true, true, true, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			for change, of := range map[string]struct {
				x, y int
				flow map[string]string
				used bool
			}{
				"nothing": {1, 2, flow("eu", "fast"), test.same},
				"x":       {3, 2, flow("eu", "fast"), test.x},
				"y":       {1, 3, flow("eu", "fast"), test.y},
				"region":  {1, 2, flow("us", "fast"), test.region},
				"mode":    {1, 2, flow("eu", "slow"), test.mode},
			} {
				p := memory(t)
				want(t, 1)(test.call(context.WithValue(p.ctx, parametersKey{}, flow("eu", "fast")), 1, 2))
				n, err := test.call(context.WithValue(p.ctx, parametersKey{}, of.flow), of.x, of.y)
				if used := n == 1; used != of.used || err != nil {
					t.Errorf("%s changed: used is %v, %v", change, used, err)
				}
			}
		})
	}
}

// A validator of one's own sees the entry and the result.
func TestPrefectCustomValidator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // 2000-01-01 was a Saturday
		p := memory(t)
		want(t, 1)(cachedValidated(p.ctx, 1))
		want(t, 2)(cachedValidated(p.ctx, 1))
		if e := p.events.last(); e.Reason != cache.Rejected {
			t.Errorf("%+v", e)
		}
		time.Sleep(48 * time.Hour)
		want(t, 3)(cachedValidated(p.ctx, 1))
		want(t, 3)(cachedValidated(p.ctx, 1))
	})
}

// cache_key: tasks that have one key share what they compute.
func TestPrefectSharedKey(t *testing.T) {
	url := folder(t)
	p := open(t, cache.Config{URL: url})
	want(t, 1)(cachedTrain(p.ctx, 1))
	want(t, 1)(cachedEvaluate(p.ctx, 1))
	want(t, 2)(cachedEvaluate(p.ctx, 2))
	p.close()
	want(t, 2)(cachedTrain(p.beside(t, cache.Config{URL: url}).ctx, 2))
}

// None is a result: Prefect 1 never writes it.
func TestPrefectNothingIsAResult(t *testing.T) {
	url := folder(t)
	p := open(t, cache.Config{URL: url})
	want[*int](t, nil)(cachedNothingFound(p.ctx, 1))
	want[*int](t, nil)(cachedNothingFound(p.ctx, 1))
	p.close()
	want[*int](t, nil)(cachedNothingFound(p.beside(t, cache.Config{URL: url}).ctx, 1))
	if p.count != 1 {
		t.Errorf("%d executions", p.count)
	}
}

// A target is a result that is kept at a place and in a format that others can read. If it exists the task has run.
func TestPrefectTarget(t *testing.T) {
	dir := t.TempDir()
	url := "dir://" + filepath.ToSlash(dir)
	path := filepath.Join(dir, "targets", "reports", "eu", "berlin.json")
	flow := context.WithValue(t.Context(), parametersKey{}, map[string]string{"region": "eu"})
	place := func(w *world) *place {
		p := open(t, cache.Config{URL: url})
		p.ctx = w.in(flow, p.cache)
		return p
	}
	w := new(world)

	p := place(w)
	want(t, report{"berlin", 1})(cachedReported(p.ctx, "berlin"))
	p.close()
	data, err := os.ReadFile(path)
	must(t, err)
	if got := strings.Join(strings.Fields(string(data)), ""); got != `{"City":"berlin","Serial":1}` {
		t.Error(got)
	}

	// It can be made by somebody else.
	must(t, os.WriteFile(path, []byte(`{"Serial": 7, "City": "berlin"}`), 0o600))
	p = place(w)
	want(t, report{"berlin", 7})(cachedReported(p.ctx, "berlin"))

	// Refresh replaces it, and Forget deletes it.
	want(t, report{"berlin", 2})(cachedReported(cache.WithMode(p.ctx, cache.Refresh), "berlin"))
	p.close()
	p = place(w)
	want(t, report{"berlin", 2})(cachedReported(p.ctx, "berlin"))
	must(t, reportedCache.Forget(p.ctx, reportedArgs{"berlin"}))
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	want(t, report{"berlin", 3})(cachedReported(p.ctx, "berlin"))
	p.close()

	// One that can't be read is left alone, and the call runs.
	must(t, os.WriteFile(path, []byte(`<html>`), 0o600))
	p = place(w)
	want(t, report{"berlin", 4})(cachedReported(p.ctx, "berlin"))
	p.close()
	if data, _ := os.ReadFile(path); string(data) != `<html>` {
		t.Errorf("%s", data)
	}
}

// A template says where the target is: inputs, what the context says, the date, the function's name. A path can't lead out.
func TestPrefectTargetTemplates(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		p := open(t, cache.Config{URL: "dir://" + filepath.ToSlash(dir)})
		want(t, "hello ada")(cachedTexted(p.ctx, "ada", "hello"))
		want(t, "hello ada")(cachedTexted(p.ctx, "ada", "hi"))
		want(t, "hi ../ada")(cachedTexted(p.ctx, "../ada", "hi"))
		time.Sleep(24 * time.Hour)
		want(t, "hi ada")(cachedTexted(p.ctx, "ada", "hi"))
		p.close()
	})
	var paths []string
	targets := filepath.Join(dir, "targets")
	must(t, filepath.WalkDir(targets, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			path, err = filepath.Rel(targets, path)
			paths = append(paths, filepath.ToSlash(path))
		}
		return err
	}))
	if len(paths) != 3 || !slices.ContainsFunc(paths, func(p string) bool { return strings.HasSuffix(p, "2000-01-02/ada.txt") }) ||
		!slices.ContainsFunc(paths, func(p string) bool { return strings.HasSuffix(p, "2000-01-01/ada.txt") }) {
		t.Errorf("%q", paths)
	}
}

func init() {
	failing := errors.New("out of tea")
	tea := order{7, map[string]int{"tea": 2}}
	programs["ship, failing"] = func(ctx context.Context, w *world) (any, error) {
		w.fail(failing)
		_, err := cachedShip(ctx, tea)
		return 0, err
	}
	programs["ship, failed"] = func(ctx context.Context, w *world) (any, error) {
		var failed []shipArgs
		for a, err := range shipCache.Inputs(ctx, cache.Filter{Failed: true}) {
			if err != nil {
				return nil, err
			}
			failed = append(failed, a)
		}
		return failed, shipCache.Warm(ctx, shipCache.Inputs(ctx, cache.Filter{Failed: true}))
	}
	programs["ship"] = func(ctx context.Context, w *world) (any, error) { return cachedShip(ctx, tea) }
}

// Input caching: what a call failed with is kept, and a new process executes it again from there.
func TestPrefectFailedInputs(t *testing.T) {
	m := newMachine(t)
	m.expect("ship, failing", "0 out of tea")
	m.expect("ship, failed", "[{{7 map[tea:2]}}] <nil>")
	m.expect("ship, failed", "[] <nil>") // it has succeeded since
	m.expect("ship", "2 <nil>")
	if got := m.executed(); !slices.Equal(got, []string{"ship 7 2", "ship 7 2"}) {
		t.Errorf("%q", got)
	}
}

func init() {
	programs["release one"] = func(ctx context.Context, w *world) (any, error) {
		for id := range 20 {
			if _, err := cachedReleaseOne(ctx, order{ID: id}); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	programs["warm"] = func(ctx context.Context, w *world) (any, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		w.set(func(context.Context, string) error {
			if os.Getenv("CONFORMANCE_CANCEL") != "" && len(w.executions()) >= 30 {
				cancel()
			}
			return nil
		})
		calls := 0
		err := releaseTwoCache.Warm(ctx, releaseTwoCache.Inputs(ctx, cache.Filter{Version: "1"}),
			cache.Parallel(3), cache.Progress(func(succeeded, failed int) { calls = succeeded + failed }))
		if calls > 20 {
			err = fmt.Errorf("progress of %d calls: %w", calls, err)
		}
		return nil, err
	}
	programs["release two"] = func(ctx context.Context, w *world) (any, error) {
		return cachedReleaseTwo(ctx, order{ID: 13})
	}
}

// After a deployment the new version's results are made from the inputs of the old version's; a run that was cancelled goes on where it
// ended.
func TestPrefectWarm(t *testing.T) {
	m := newMachine(t)
	m.expect("release one", "<nil> <nil>")
	m.expect("warm", "<nil> context canceled", "CONFORMANCE_CANCEL=1")
	m.expect("warm", "<nil> <nil>")
	twos := map[string]int{}
	for _, what := range m.executed() {
		if strings.HasPrefix(what, "two") {
			twos[what]++
		}
	}
	// Those that were under way when the context ended may have been executed in vain.
	total := 0
	for _, n := range twos {
		total += n
	}
	if len(twos) != 20 || total > 20+3 {
		t.Errorf("%d inputs in %d executions", len(twos), total)
	}
	before := len(m.executed())
	m.run("release two")
	if after := len(m.executed()); after != before {
		t.Error("the result was not there")
	}
}

// Checkpointing can be switched off and on for everything.
func TestPrefectCheckpointing(t *testing.T) {
	m := newMachine(t)
	m.expect("automatic", "1 <nil>", "CACHEGEN_MODE=bypass")
	m.expect("automatic", "2 <nil>", "CACHEGEN_MODE=readonly")
	m.expect("automatic", "3 <nil>", "CACHEGEN_MODE=use")
	m.expect("automatic", "3 <nil>", "CACHEGEN_MODE=readonly")
	m.expect("automatic", "3 <nil>")
}
