package simulator_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tooth is a fault that there was, or could be: a text of the runtime, what it would be with the
// fault, and the rule that the simulator finds broken then.
type tooth struct {
	name, file, sound, faulty, rule string
	sample                          bool // whether it is tried with all tests
	seed                            int  // from which on it is looked for, if not 1
}

var teeth = []tooth{
	{
		name: "what memory has is not asked about again after an outage", file: "marks/keeper.go",
		sound: "\tk.table.session.Add(1)\n\tk.table.forgetAll()\n\tk.table.config.Changed(\"\")\n", faulty: "\tk.table.forgetAll()\n",
		rule: "rule 2",
	},
	{
		name: "looking at what others changed waits behind what is to be written", file: "engine/watch.go",
		sound: "s.cache.looks.Go(", faulty: "s.cache.writes.Go(", rule: "rule 2",
	},
	{
		name: "stamps decide which result stays", file: "engine/write.go",
		sound: "Stamp: stamp, Replaces: over}", faulty: "Stamp: stamp}", rule: "rule 2",
	},
	{
		name: "a removal does nothing if something newer is there", file: "clock/impose.go",
		sound: "written || err != nil {", faulty: "written || !written {", rule: "rule 2", sample: true,
	},
	{
		name: "tags are marked by the wall clock", file: "marks/epoch.go",
		sound:  "item.Stamp, item.Replaces = t.config.Clock.Over(), store.Anything\n\twritten, err := t.store.Put(ctx, key, item)\n\tif err == nil && !written {",
		faulty: "item.Stamp = t.config.Clock.Over()\n\twritten, err := t.store.Put(ctx, key, item)\n\tif err != nil && !written {", rule: "rule 2",
	},
	{
		name: "what others wrote meanwhile is kept beside what was made anew on demand", file: "engine/write.go",
		sound: "case own, err != nil, v.mode != Refresh:", faulty: "case own, err != nil, v.mode >= 0:", rule: "rule 2",
	},
	{
		name: "Forget after Close returns nil", file: "engine/controls.go",
		sound:  "if err := cache.refusal(); err != nil {\n\t\treturn err\n\t}\n\tover :=",
		faulty: "if err := cache.refusal(); err != nil {\n\t\treturn nil\n\t}\n\tover :=", rule: "rule 5", sample: true,
	},
	{
		name: "a store that hangs has a second", file: "engine/time.go",
		sound: "d = max(usual, LeastLook)", faulty: "d = max(d, LeastLook)", rule: "rule 4",
	},
	{
		name: "a wait for another call does not count as looking", file: "engine/time.go",
		sound: "now.Add(max(p-now.Sub(waits), min(p, LeastLook)))", faulty: "now.Add(p)", rule: "rule 4",
	},
	{
		name: "everybody tries when the rest of the breaker ends", file: "breaker/breaker.go",
		sound: "now.Before(b.until) || !b.trial.IsZero() && now.Sub(b.trial) < longest", faulty: "now.Before(b.until)", rule: "rule 9",
	},
	{
		name: "reads rest with writes", file: "engine/ask.go",
		sound: "b := &t.breakers[kind]", faulty: "b := &t.breakers[writing]", rule: "rule 10",
	},
	{
		name: "Close waits for what is to be written, whatever its context says", file: "background/pool.go",
		sound: "case <-ctx.Done():\n\t\treturn ctx.Err()\n\t}\n}\n\nfunc (p *Pool) whenIdle", faulty: "case <-make(chan int):\n\t\treturn ctx.Err()\n\t}\n}\n\nfunc (p *Pool) whenIdle",
		rule: "rule 5",
	},
	{
		name: "what waits to be written is bounded by number alone", file: "background/pool.go",
		sound: "p.config.Bytes > 0 && t.size > 0", faulty: "p.config.Bytes < 0 && t.size > 0", rule: "rule 6",
	},
	{
		name: "a result replaces all that is older than what it found", file: "../store/store.go",
		sound: "return i.Replaces, i.Replaces", faulty: "return 0, i.Replaces", rule: "rule 2", seed: 8,
	},
	{
		name: "the store is believed while something is put", file: "engine/controls.go",
		sound: "&change{held: h, stamp: m.Stamp, imposes: true}", faulty: "&change{held: h, stamp: m.Stamp}", rule: "rule 2", seed: 92,
	},
	{
		name: "what is to be written is believed though the store gives no answer", file: "engine/read.go",
		sound: "if !answered(err) {\n\t\treturn nil\n\t}\n\tfor _, c", faulty: "for _, c", rule: "rule 2", seed: 81,
	},
	{
		name: "what a call found before it waited counts afterwards", file: "engine/read.go",
		sound: "v.event.Reason, v.finding = NeverSeen, finding{}", faulty: "v.event.Reason = NeverSeen", rule: "rule 2", seed: 500008,
	},
	{
		name: "callers don't wait for the write of what was expensive", file: "engine/write.go",
		sound: "if v.written == nil {\n\t\treturn\n\t}\n", faulty: "if share > 1 {\n\t\treturn\n\t}\n", rule: "rule 7",
	},
}

// TestTeeth puts faults into the runtime, one at a time, and has the simulator find each: a sample,
// or all if CACHEGEN_TEETH is set. That every text is there which a fault takes the place of is
// checked of all.
func TestTeeth(t *testing.T) {
	all := os.Getenv("CACHEGEN_TEETH") != ""
	for _, f := range teeth {
		t.Run(f.name, func(t *testing.T) {
			overlay := f.overlay(t)
			if !all && (!f.sample || testing.Short()) {
				return
			}
			cmd := exec.Command("go", "test", "-overlay", overlay, "-run", "^TestSimulation$", ".")
			cmd.Env = append(os.Environ(), "CACHEGEN_SIMULATION=300000", fmt.Sprintf("CACHEGEN_SEED=%d", max(f.seed, 1)))
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), f.rule+":") {
				t.Errorf("not found, want a breach of %s: %v\n%s", f.rule, err, out)
			}
		})
	}
}

// overlay writes the fault, and returns the file that tells the go command of it.
func (f tooth) overlay(t *testing.T) string {
	path, err := filepath.Abs(filepath.Join("..", f.file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), f.sound); n != 1 {
		t.Fatalf("%s has the sound text %d times, want 1: say anew where the fault is\n%s", f.file, n, f.sound)
	}
	faulty, overlay := filepath.Join(t.TempDir(), "faulty.go"), filepath.Join(t.TempDir(), "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {path: faulty}})
	if err == nil {
		err = os.WriteFile(faulty, []byte(strings.Replace(string(text), f.sound, f.faulty, 1)), 0o600)
	}
	if err == nil {
		err = os.WriteFile(overlay, list, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return overlay
}
