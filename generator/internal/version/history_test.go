package version

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/closure"
	"github.com/cachegen/cachegen/generator/internal/version/extract"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// policies are ways to tell whether a function's results can still be used, and what each makes of the steps of a history. The rows
// between body and deep are what deep would be if it followed fewer kinds of edges; they are no policies, because they miss changes.
var policies = []string{
	"body", "calls", "+ conversions", "+ initialisers", "+ writers", "deep", "deep, modules", "package", "package, imports", "build ID",
}

// TestHistory replays the history of a repository and counts which of its exported functions each policy invalidates from one commit to
// the next. Usually that is a small history of its own; of a real one, the whole is
//
//	CACHEGEN_HISTORY=CLONE CACHEGEN_COMMITS=50 go test -run TestHistory -v -timeout 2h ./generator/internal/version
func TestHistory(t *testing.T) {
	clone := os.Getenv("CACHEGEN_HISTORY")
	if clone != "" {
		n, err := strconv.Atoi(os.Getenv("CACHEGEN_COMMITS"))
		if err != nil {
			t.Fatal("CACHEGEN_COMMITS: ", err)
		}
		replay(t, clone, commits(t, clone, n)).log(t)
		return
	}
	clone = smallHistory(t)
	h := replay(t, clone, commits(t, clone, len(smallSteps)))
	for i, step := range smallSteps {
		var got []string
		for _, p := range policies {
			if h.steps[i].all.invalidated[p] > 0 {
				got = append(got, fmt.Sprint(p, " ", h.steps[i].all.invalidated[p]))
			}
		}
		if !slices.Equal(got, step.want) {
			t.Errorf("%s: invalidated %q, want %q", step.name, got, step.want)
		}
	}
}

// smallSteps are the commits of a small history, each with how many functions each policy invalidates.
var smallSteps = []struct {
	name, file, old, new string
	want                 []string
}{
	{"a comment", "a/a.go", "package a\n", "package a // says nothing\n", []string{"package 3", "package, imports 3", "build ID 3"}},
	{"a body", "a/a.go", "n + 1", "n + 2", []string{
		"body 1", "calls 1", "+ conversions 1", "+ initialisers 1", "+ writers 1", "deep 1", "deep, modules 1", "package 3", "package, imports 3", "build ID 3",
	}},
	{"a helper elsewhere", "b/b.go", "n * 2", "n * 3", []string{
		"body 1", "calls 2", "+ conversions 2", "+ initialisers 2", "+ writers 2", "deep 2", "deep, modules 2", "package 1", "package, imports 4", "build ID 4",
	}},
	{"a converted type's method", "b/b.go", `"two"`, `"three"`, []string{
		"+ conversions 1", "+ initialisers 1", "+ writers 1", "deep 1", "deep, modules 1", "package 1", "package, imports 4", "build ID 4",
	}},
	{"a writer", "main.go", "= 7", "= 8", []string{"+ writers 1", "deep 1", "deep, modules 1"}},
}

// smallHistory makes a repository with a commit for each step.
func smallHistory(t *testing.T) string {
	t.Helper()
	dir := written(t, `
-- go.mod --
module example.com/m

go 1.26
-- main.go --
package main

import (
	_ "example.com/m/a"
	"example.com/m/b"
)

func main() { b.Limit = 7 }
-- a/a.go --
package a

import (
	"fmt"

	"example.com/m/b"
)

func Own(n int) int { return n + 1 }

func Helped(n int) int { return b.Double(n) + b.Limit }

func Printed(n int) string { return fmt.Sprint(b.Name(n)) }
-- b/b.go --
package b

var Limit = 6

type Name int

func (n Name) String() string { return "two" }

func Double(n int) int { return n * 2 }
`)
	commit := func(message string) {
		git(t, dir, "add", ".")
		git(t, dir, "-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "--no-gpg-sign", "-m", message)
	}
	git(t, dir, "init", "-q")
	commit("the beginning")
	for _, s := range smallSteps {
		rewrite(t, dir, s.file, s.old, s.new)
		commit(s.name)
	}
	return dir
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v: %s", args[0], err, stderr.Bytes())
	}
	return string(out)
}

// commits are the last n that change Go code of the module at the top other than tests, and the one before, oldest first.
func commits(t *testing.T, clone string, n int) []string {
	t.Helper()
	args := []string{"log", "--first-parent", "--format=%H", "-n", strconv.Itoa(n), "--", "*.go", ":!*_test.go", ":!*testdata/*"}
	for file := range strings.SplitSeq(git(t, clone, "ls-tree", "-r", "--name-only", "HEAD"), "\n") {
		if nested := path.Dir(file); path.Base(file) == "go.mod" && nested != "." {
			args = append(args, ":!"+nested+"/*")
		}
	}
	found := strings.Fields(git(t, clone, args...))
	if len(found) < n {
		t.Fatalf("only %d commits", len(found))
	}
	slices.Reverse(found)
	before := strings.TrimSpace(git(t, clone, "rev-parse", found[0]+"^"))
	return append([]string{before}, found...)
}

// checkout writes the files of a commit, as far as the clone has them: the largest may be left out.
func checkout(t *testing.T, clone, commit string) string {
	t.Helper()
	var names []string
	var objects bytes.Buffer
	for entry := range strings.SplitSeq(git(t, clone, "ls-tree", "-r", "-z", commit), "\x00") {
		if info, name, ok := strings.Cut(entry, "\t"); ok && strings.Contains(info, " blob ") {
			names = append(names, name)
			fmt.Fprintln(&objects, strings.Fields(info)[2])
		}
	}
	cmd := exec.CommandContext(t.Context(), "git", "-C", clone, "cat-file", "--batch")
	cmd.Stdin = &objects
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	contents := bufio.NewReader(bytes.NewReader(out))
	for _, name := range names {
		head, err := contents.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		fields := strings.Fields(head)
		if fields[1] == "missing" {
			continue
		}
		size, err := strconv.Atoi(fields[2])
		if err != nil {
			t.Fatal(err)
		}
		content := make([]byte, size+1) // and a line break
		if _, err := io.ReadFull(contents, content); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content[:size], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// history is what a replay found.
type history struct{ steps []historyStep }

// historyStep is what became of the functions from one commit to the next: of all whose results can be kept, and of those whose
// parameters are data too, so that none is ignored.
type historyStep struct {
	all, closed tally
	// gates are the edges that brought what changed, where those are no calls, with how often they did.
	gates map[gate]int
}

// tally counts functions.
type tally struct {
	functions   int
	invalidated map[string]int // by policy
}

func (t *tally) share(policy string) float64 {
	return 100 * float64(t.invalidated[policy]) / float64(max(1, t.functions))
}

// replay computes the versions of a module at each commit and compares them with those before.
func replay(t *testing.T, clone string, commits []string) *history {
	t.Helper()
	h := &history{}
	var before snapshot
	for i, commit := range commits {
		dir := checkout(t, clone, commit)
		after := snapshotOf(t, loadModule(t, dir, nil))
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			step := before.compare(after)
			h.steps = append(h.steps, step)
			t.Logf("%.12s: of %d functions %v, of %d closed ones %v", commit, step.all.functions, step.all.invalidated, step.closed.functions, step.closed.invalidated)
		}
		before = after
	}
	return h
}

// log prints the table for documents: for each policy the mean share over all steps.
func (h *history) log(t *testing.T) {
	t.Helper()
	n := len(h.steps)
	last := h.steps[n-1]
	var table strings.Builder
	for _, p := range policies {
		var all, closed float64
		touched := 0
		for _, s := range h.steps {
			all += s.all.share(p)
			closed += s.closed.share(p)
			if s.all.invalidated[p] > 0 {
				touched++
			}
		}
		fmt.Fprintf(&table, "| %s | %.2f %% | %.2f %% | %d |\n", p, all/float64(n), closed/float64(n), touched)
	}
	t.Logf("%d steps; share of %d functions, of %d that ignore no parameter; steps that invalidate any\n%s",
		n, last.all.functions, last.closed.functions, table.String())
	gates := map[gate]int{}
	for _, s := range h.steps {
		for gate, n := range s.gates {
			gates[gate] += n
		}
	}
	order := slices.SortedFunc(maps.Keys(gates), func(a, b gate) int { return cmp.Or(gates[b]-gates[a], a.compare(b)) })
	for _, gate := range order[:min(40, len(order))] {
		t.Logf("%6d %s", gates[gate], gate)
	}
}

// snapshot is what is known of each exported function at a commit.
type snapshot map[string]*known

// known is a function's version by each policy, and what it reaches.
type known struct {
	versions map[string]string
	closure  *closure.Closure
	closed   bool
}

// arrival says by which kinds of edges a definition is reached at least, and by which one of the last kind.
type arrival struct {
	layer int
	gate  gate
	hash  [sha256.Size]byte
}

// gate is an edge that is more than a call.
type gate struct {
	from   facts.ID
	reason facts.Reason
	to     facts.ID
}

func (g gate) compare(other gate) int {
	return cmp.Or(g.from.Compare(other.from), g.to.Compare(other.to))
}

func (g gate) String() string { return fmt.Sprint(g.from, " ", g.reason, " ", g.to) }

func snapshotOf(t *testing.T, prog *load.Program) snapshot {
	t.Helper()
	g := wholeOf(prog)
	files := fileHashes{}
	found := snapshot{}
	for _, fn := range cacheable(prog) {
		if !isData(prog, fn, fn.Signature().Results()) {
			continue
		}
		root := asCached(prog, fn)
		root.Cached = nil // nobody reads warnings
		v, err := g.of(root)
		if err != nil {
			continue
		}
		root.Body = true
		body, err := g.of(root)
		if err != nil {
			t.Fatal(err)
		}
		p := prog.Packages[fn.Pkg().Path()]
		found[extract.IDOf(fn).String()] = &known{
			versions: map[string]string{
				"body":             body.Hash,
				"deep":             v.Hash,
				"deep, modules":    v.Hash + moduleVersions(prog, v.Modules),
				"package":          files.of(t, p),
				"package, imports": files.closure(t, p, false),
				"build ID":         files.closure(t, p, true),
			},
			closure: v.closure,
			closed:  isData(prog, fn, fn.Signature().Params()),
		}
	}
	if len(found) == 0 {
		t.Fatal("no functions")
	}
	return found
}

// compare says which functions each policy invalidates.
func (before snapshot) compare(after snapshot) historyStep {
	empty := func() tally { return tally{0, map[string]int{}} }
	step := historyStep{empty(), empty(), map[gate]int{}}
	for name, a := range after {
		b := before[name]
		if b == nil {
			continue
		}
		tallies := []*tally{&step.all}
		if a.closed && b.closed {
			tallies = append(tallies, &step.closed)
		}
		var changed []string
		for policy, version := range a.versions {
			if version != b.versions[policy] {
				changed = append(changed, policy)
			}
		}
		if a.versions["deep"] != b.versions["deep"] {
			first := firstChange(arrivals(b.closure), arrivals(a.closure))
			changed = append(changed, policies[1+first.layer:layers]...)
			if first.layer > 0 {
				step.gates[first.gate]++
			}
		}
		for _, t := range tallies {
			t.functions++
			for _, policy := range changed {
				t.invalidated[policy]++
			}
		}
	}
	return step
}

// isData reports whether values have no channels, functions or interfaces in them but errors and contexts.
func isData(prog *load.Program, fn *types.Func, values *types.Tuple) bool {
	carriesBehaviour := extract.CarriesBehaviour(prog, prog.Packages[fn.Pkg().Path()])
	for v := range values.Variables() {
		if carriesBehaviour(v.Type()) || holdsChannel(v.Type(), map[types.Type]bool{}) {
			return false
		}
	}
	return true
}

func holdsChannel(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.Underlying().(type) {
	case *types.Chan:
		return true
	case *types.Map:
		return holdsChannel(t.Key(), seen) || holdsChannel(t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if holdsChannel(f.Type(), seen) {
				return true
			}
		}
	case interface{ Elem() types.Type }:
		return holdsChannel(t.Elem(), seen)
	}
	return false
}

// firstChange is a definition that changed, came or went and is reached by the fewest kinds of edges.
func firstChange(before, after map[facts.ID]arrival) arrival {
	first := arrival{layer: layers}
	look := func(in, other map[facts.ID]arrival) {
		for id, a := range in {
			if o, ok := other[id]; (!ok || o.hash != a.hash) && (a.layer < first.layer || a.layer == first.layer && a.gate.compare(first.gate) < 0) {
				first = a
			}
		}
	}
	look(before, after)
	look(after, before)
	return first
}

func moduleVersions(prog *load.Program, modules []string) string {
	versions := map[string]string{}
	for _, p := range prog.Packages {
		if p.Module != nil && slices.Contains(modules, p.Module.Path) {
			versions[p.Module.Path] = p.Module.Version
		}
	}
	return fmt.Sprint(versions)
}

// fileHashes are the hashes of packages' files.
type fileHashes map[*load.Package]string

func (f fileHashes) of(t *testing.T, p *load.Package) string {
	t.Helper()
	if f[p] == "" {
		h := sha256.New()
		for _, name := range slices.Concat(p.GoFiles, p.OtherFiles, p.EmbedFiles) {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(h, "%s %d %s", filepath.Base(name), len(content), content)
		}
		f[p] = string(h.Sum(nil))
	}
	return f[p]
}

// closure hashes a package with what it imports in the module, and with the versions of modules outside if they are wanted.
func (f fileHashes) closure(t *testing.T, p *load.Package, outside bool) string {
	t.Helper()
	all := map[string]string{}
	var visit func(p *load.Package)
	visit = func(p *load.Package) {
		if p.Standard || all[p.Path] != "" {
			return
		}
		switch {
		case p.Local():
			all[p.Path] = f.of(t, p)
		case !outside:
			return
		default:
			all[p.Path] = p.Module.Path + " " + p.Module.Version
		}
		for _, imported := range p.Imports {
			visit(imported)
		}
	}
	visit(p)
	h := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(h, "%s %x\n", path, all[path])
	}
	return string(h.Sum(nil))
}
