package simulator_test

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/simulator"
)

// TestSimulation runs a sample of schedules, or as many operations as CACHEGEN_SIMULATION says,
// from the seed CACHEGEN_SEED on. Which things go wrong in a schedule follows from its seed.
//
// The race detector makes real time pass faster, so the engine waits longer under it, but not simulated time: there it needs
// the tag "simulated", as .ci/run has it.
func TestSimulation(t *testing.T) {
	if engine.LeastLook > 5*time.Millisecond {
		t.Skip("under the race detector: go test -race -tags simulated")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // a seed repeats everything then
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	const each = 20_000
	total, seed := number(t, "CACHEGEN_SIMULATION", 200_000), number(t, "CACHEGEN_SEED", 1)
	if testing.Short() {
		total = min(total, 60_000)
	}
	var sum simulator.Report
	for done := 0; done < total; done += each {
		plan := simulator.Plan{
			Seed: uint64(seed), Operations: min(each, total-done), Processes: 2 + seed%7,
			Faults: seed%5 != 0, Restarts: seed%2 == 0, Apart: seed%3 == 0, Groups: seed%4 == 3,
		}
		synctest.Test(t, func(t *testing.T) {
			r := simulator.Run(plan)
			for _, b := range r.Broken {
				t.Errorf("seed %d: %s", plan.Seed, b)
			}
			sum.Operations += r.Operations
			sum.Calls += r.Calls
			sum.Executions += r.Executions
			sum.Removals += r.Removals
			sum.Faults += r.Faults
			sum.Restarts += r.Restarts
			sum.Groups += r.Groups
			sum.Slowest, sum.SlowestJoined = max(sum.Slowest, r.Slowest), max(sum.SlowestJoined, r.SlowestJoined)
		})
		runtime.GC()
		if t.Failed() {
			break
		}
		seed++
	}
	t.Logf("%+v", sum)
	if sum.Calls == 0 || sum.Executions == 0 || sum.Removals == 0 {
		t.Error("nothing was simulated")
	}
}

func number(t *testing.T, variable string, otherwise int) int {
	s := os.Getenv(variable)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}
