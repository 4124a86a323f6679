package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/internal/walk"
)

// beforePage is what has happened in the module of a reader who comes to a page, as shell.
var beforePage = map[string]string{
	"README.md": "rm -rf ./* .git .github && go mod init example.com/fresh",
	// Make says what it would run.
	"CONTRIBUTING.md":             "rm -rf ./* .git .github; export MAKEFLAGS=n",
	"examples/observed/README.md": `cd "$REPOSITORY/examples/observed"`,
	"docs/design/faults.md":       `cd "$REPOSITORY"`,
	"docs/design/generating.md":   `cd "$REPOSITORY"`,
	"docs/design/performance.md":  "mkdir folder && seq 100 > folder/one.txt",
	"docs/design/versions.md":     `reader=$PWD && cd "$REPOSITORY"`,
	"docs/howto/merge-conflicts.md": `change() { sed -i.bak "s/\"sun\"/\"$1\"/" weather.go; rm weather.go.bak; go generate ./...; git commit -qam "$1"; }
git checkout -qb other; change snow; git checkout -q main; change rain
if git merge other >/dev/null; then exit 1; fi # they conflict
sed -i.bak -e '/^[<=>|]\{7\}/d' -e '/snow/d' weather.go; rm weather.go.bak; git add weather.go`,
}

// TestShell runs each block of shell, in a module with a cached function whose code has changed since
// its first commit, and with a store that has a result. What would take long is run in small.
func TestShell(t *testing.T) {
	r := newReader(t)
	used := map[string]bool{}
	for _, p := range pages(t) {
		var script strings.Builder
		for _, b := range p.blocks {
			if b.lang == "sh" {
				script.WriteString(inSmall(b.text, used))
			}
		}
		if script.Len() == 0 {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			r.Copy(t).Must(t, "exec </dev/null\n"+beforePage[p.name]+"\n"+script.String())
		})
	}
	for _, s := range smaller {
		if !used[s.line] {
			t.Errorf("no page has a line with %s", s.line)
		}
	}
}

// smaller says how a line of shell is run in small: what in it is replaced, by what.
var smaller = []struct{ line, part, by string }{
	// What the tests of examples/census/tour and examples/observed do in full ends when it has read its flags.
	{"go run ./examples/census/tour", ".*", `(cd "$$REPOSITORY" && $0 -help)`},
	{"go run . -traces spans.json", "json", "json -help"},
	{"go run -C runtime/benchmarks ./", "-C (.*)", `-C "$$REPOSITORY/"$1 -help`},
	// A bucket: any store will do.
	{"go tool cachegen diff -base origin/main -store s3", "s3://results", "dir:"},
	// Where it is, the compiler knows it already.
	{"go mod edit", "=../cachegen", `="$$REPOSITORY"`},
	// This would link the clients of three clouds; the tests of cmd/full do that.
	{"go -C cachegen/cmd/full install ", "install", "list"},
	// There may be no such shell; the command's scripts complete words in it.
	{"source <(cachegen completion zsh)", "source <(.*)", "cachegen completion zsh >zsh.txt"},
	// What runs for minutes or for hours.
	{"CACHEGEN_SEED=", "10000000", "1000"},
	{"CACHEGEN_TRACES=folder", "=folder (.*) -C ", `="$$PWD/folder" $1 -C "$$REPOSITORY/"`},
	{"CACHEGEN_HISTORY=CLONE", "CLONE CACHEGEN_COMMITS=50", `"$$reader" CACHEGEN_COMMITS=1`},
	{"CACHEGEN_TEETH=1 ", "-run (.*)", found},
	{"CACHEGEN_PACKAGES=5000", "-run (.*)", found},
	{"CACHEGEN_PROGRAMS=20000", "-run (.*)", found},
	{"CACHEGEN_MUTANTS=all", "-run (.*)", found},
	{"CACHEGEN_RTA=all", "-run (.*)", found},
	{"CACHEGEN_EXPERIMENT=all", "-run (.*)", found},
	{"go test -C cmd/full ./internal/outages", "$", " -list . | grep ^Test"},
}

// found compiles tests, and sees that there are some of the name.
const found = "-list $1 | grep ^Test"

// inSmall returns the text of a block as it is run, and marks the lines of smaller that it uses.
func inSmall(text string, used map[string]bool) string {
	var lines strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		for _, s := range smaller {
			if strings.HasPrefix(line, s.line) {
				used[s.line] = true
				line = regexp.MustCompile(s.part).ReplaceAllString(line, s.by)
			}
		}
		lines.WriteString(line + "\n")
	}
	return lines.String()
}

// newReader makes the module of somebody who reads pages, with the command in PATH. Where this
// module is published, the reader finds the files of this repository.
func newReader(t *testing.T) *walk.Walk {
	t.Helper()
	published := filepath.Join(t.TempDir(), "published")
	w := walk.New(
		t, "PUBLISHED="+published,
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url."+published+".insteadOf", "GIT_CONFIG_VALUE_0=https://github.com/cachegen/cachegen",
	)
	w.Command(t)
	w.Must(t, `git init -q -b main "$PUBLISHED"
git -C "$REPOSITORY" --git-dir="$PUBLISHED/.git" --work-tree=. add .
git -C "$PUBLISHED" commit -qm published
go mod init example.com/weather && go get -tool github.com/cachegen/cachegen/cmd/cachegen`)
	w.Write(t, "generate.go", "package weather\n\n//go:generate cachegen ./...\n")
	w.Write(t, "weather.go", "package weather\n\n// Forecast is a forecast.\n//\n//cache:auto\nfunc Forecast(city string) string { return \"rain in \" + city }\n")
	w.Write(t, "cmd/show/main.go", `package main

import (
	"context"

	"example.com/weather"
	cache "github.com/cachegen/cachegen/runtime"
)

func main() {
	println(weather.CachedForecast("Berlin"))
	_ = cache.Close(context.Background())
}
`)
	w.Must(t, `go generate ./...
printf '.cache\n' > .gitignore
git init -q -b main && git add -A && git commit -qm 'Forecast rain' && git update-ref refs/remotes/origin/main HEAD
sed -i.bak 's/"rain in/"sun" + " in/' weather.go && rm weather.go.bak
go generate ./... && git commit -qam 'Forecast sun'
go build -o show ./cmd/show && ./show && rm show`)
	return w
}

// TestVariables sees that each variable that a page names is one that code reads.
func TestVariables(t *testing.T) {
	read := map[string]bool{}
	for _, name := range regexp.MustCompile(`"CACHEGEN_[A-Z_]+"`).FindAllString(code(t), -1) {
		read[strings.Trim(name, `"`)] = true
	}
	n := 0
	for _, p := range pages(t) {
		for _, name := range regexp.MustCompile(`\bCACHEGEN_[A-Z_]*[A-Z]\b`).FindAllString(p.text, -1) {
			if n++; !read[name] {
				t.Errorf("%s names %s, which no code reads", p.name, name)
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d", n)
	}
}

// code returns what is in all files of Go.
func code(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		data, err := os.ReadFile(path)
		all.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
