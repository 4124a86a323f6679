package emit_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/cachegen/cachegen/generator/internal/check"
	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/emit"
	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
)

var update = flag.Bool("update", false, "rewrite the goldens")

const module = "example.com/golden"

// goMod is the module's. The golden about protobuf brings a module in place of the real one.
const goMod = "module " + module + `

go 1.26

require google.golang.org/protobuf v1.0.0

replace google.golang.org/protobuf => ./protobuf/module
`

// golden is one archive: packages as a user writes them and what is generated for them, each file
// below the archive's name.
type golden struct {
	name    string
	file    string
	archive *txtar.Archive
}

func goldens(t *testing.T) []golden {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(fixture.Root(t), "testdata", "golden", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no goldens", err)
	}
	var all []golden
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, golden{strings.TrimSuffix(filepath.Base(file), ".txtar"), file, a})
	}
	return all
}

func isGenerated(name string) bool { return strings.HasSuffix(name, "_gen.go") }

// generate generates the packages of the module at dir and returns the files by their names
// relative to it.
func generate(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	prog, err := load.Load(t.Context(), load.Config{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range prog.Roots {
		for _, e := range p.Errors {
			t.Errorf("%s: %s", e.Pos, e.Msg)
		}
	}
	var diags diag.List
	files := map[string][]byte{}
	for _, pkg := range model.Build(prog, &diags) {
		plans := check.Functions(pkg, &diags)
		versions := map[*model.Function]emit.Version{}
		for _, p := range plans {
			versions[p.Function] = versionOf(p.Function)
		}
		generated, err := emit.Package(pkg, plans, versions)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range generated {
			name, err := filepath.Rel(dir, filepath.Join(pkg.Dir, f.Name))
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.ToSlash(name)] = f.Content
		}
	}
	for _, d := range diags.Sorted() {
		t.Error(d)
	}
	return files
}

// versionOf is a version that goldens can be written with: the real ones are another package's
// subject.
func versionOf(f *model.Function) emit.Version {
	if f.Behaviour == model.Override {
		return emit.Version{Version: f.Options.Version}
	}
	v := emit.Version{Version: "v1:00000000000000000000000000000000"}
	if strings.Contains(f.Decl.Doc.Text(), "reaches modules outside") {
		v.Modules = []string{"golang.org/x/text", "gopkg.in/yaml.v3"}
		v.Linked = []string{"C"}
	}
	return v
}

// TestGolden generates all goldens as one module, compares what comes out, runs it, and vets it unless
// tests are to be short.
func TestGolden(t *testing.T) {
	all := goldens(t)
	whole := &txtar.Archive{Files: []txtar.File{{Name: "go.mod", Data: []byte(goMod)}}}
	for _, g := range all {
		for _, f := range g.archive.Files {
			if !isGenerated(f.Name) {
				whole.Files = append(whole.Files, txtar.File{Name: g.name + "/" + f.Name, Data: f.Data})
			}
		}
	}
	dir := fixture.Module(t, string(txtar.Format(whole)))
	files := generate(t, dir)
	for _, g := range all {
		compare(t, g, files)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if again := generate(t, dir); !cmp.Equal(files, again) {
		t.Errorf("the second generation differs: %s", cmp.Diff(files, again))
	}
	run(t, dir, "test", "-vet=off", "./...")
	if testing.Short() {
		return
	}
	run(t, dir, "vet", "./...")
	run(t, dir, "vet", "-tags=green,blue", "./tags")
}

func compare(t *testing.T, g golden, files map[string][]byte) {
	t.Helper()
	var names []string
	for name := range files {
		if rest, ok := strings.CutPrefix(name, g.name+"/"); ok {
			names = append(names, rest)
		}
	}
	slices.Sort(names)
	want := map[string]string{}
	for _, f := range g.archive.Files {
		if isGenerated(f.Name) {
			want[f.Name] = string(f.Data)
		}
	}
	got := map[string]string{}
	for _, name := range names {
		got[name] = string(files[g.name+"/"+name])
	}
	if cmp.Equal(got, want) {
		return
	}
	if !*update {
		t.Errorf("%s: -want +got, or -update:\n%s", g.name, cmp.Diff(want, got))
		return
	}
	a := &txtar.Archive{Comment: g.archive.Comment}
	for _, f := range g.archive.Files {
		if !isGenerated(f.Name) {
			a.Files = append(a.Files, f)
		}
	}
	for _, name := range names {
		a.Files = append(a.Files, txtar.File{Name: name, Data: files[g.name+"/"+name]})
	}
	if err := os.WriteFile(g.file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out.String())
	}
}
