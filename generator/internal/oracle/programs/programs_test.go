package programs

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// TestPrograms tries random programs: a few in ordinary tests. The whole, edits until so many changed a result, is
//
//	CACHEGEN_PROGRAMS=20000 go test -run TestPrograms -v -timeout 24h ./generator/internal/oracle/programs
//
// and CACHEGEN_PROGRAMS_SEED says where it begins: the seed that a false hit is reported with repeats it.
func TestPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	config := Config{Dir: t.TempDir(), Seed: number(t, "CACHEGEN_PROGRAMS_SEED", 1), Programs: 50, Rounds: 1}
	wanted := int(number(t, "CACHEGEN_PROGRAMS", 0))
	if wanted > 0 {
		config.Programs, config.Rounds = 200, 10
		// What is built and analysed fills caches, which nobody wants to keep.
		t.Setenv("XDG_CACHE_HOME", t.TempDir())
		t.Setenv("GOCACHE", filepath.Join(t.TempDir(), "go"))
	}
	trial, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	reported := 0
	for again := true; again; again = trial.Counts.Changing < wanted {
		if err := trial.Batch(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Log(trial.Counts)
		for ; reported < len(trial.Found); reported++ {
			hit := trial.Found[reported]
			if reported < 5 {
				if hit, err = trial.Shrink(t.Context(), hit); err != nil {
					t.Fatal(err)
				}
			}
			t.Error(hit)
		}
	}
	if trial.Counts.Changing < 10 {
		t.Errorf("only %d edits changed a result", trial.Counts.Changing)
	}
	t.Logf("edits that change a result: %v", trial.Counts.Kinds)
}

// TestTeeth looks for false hits where there must be some: policy body takes a function's own declaration for all that counts.
func TestTeeth(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	trial, err := New(Config{Dir: t.TempDir(), Seed: 1, Programs: 30, Rounds: 1, Policy: "body"})
	if err != nil {
		t.Fatal(err)
	}
	if err := trial.Batch(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Log(trial.Counts)
	if len(trial.Found) == 0 {
		t.Error("no false hit was found")
	}
	if trial.Counts.Changing < 2 || trial.Counts.Crashed > 10 { // about five; some results differ from run to run and do not count
		t.Error("too few edits could be tried")
	}
}

func number(t *testing.T, name string, otherwise uint64) uint64 {
	if os.Getenv(name) == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(os.Getenv(name), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
