package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// unrun are the lines of shell that TestShell leaves out, by how they begin, and why. TestUnrun looks
// at what they name.
var unrun = map[string]string{
	"git clone ":                       "needs the network",
	"go -C cachegen/cmd/full install ": "builds the clients of three clouds, for minutes",
	"go get -tool github.com/cachegen/cachegen/cmd/full/": "needs the network, and builds the clients of three clouds",
	"go tool cachegen diff -base origin/main -store s3":   "needs a bucket; without a store the line above it is run",
	"go run . -traces":                       "is a service that runs until it is stopped; examples/observed tests it",
	"go run ./examples/census/tour":          "takes a minute; examples/census/tour tests it",
	".ci/test":                               "runs all tests, this one too",
	"make quick":                             "runs the quick tests, for minutes",
	"make tour":                              "takes a minute; examples/census/tour tests it",
	"source <(cachegen completion zsh)":      "is for zsh; the command's scripts complete words in it",
	"CACHEGEN_SEED=":                         "simulates for hours",
	"CACHEGEN_TEETH=":                        "breaks the runtime on purpose in many ways, for minutes",
	"go test -C cmd/full ./internal/outages": "breaks real servers, for minutes",
	"go run -C runtime/benchmarks ./":        "measures, for minutes",
	"CACHEGEN_TRACES=":                       "needs recorded traces",
	"CACHEGEN_PROGRAMS=":                     "builds and runs programs, for hours",
	"CACHEGEN_PACKAGES=":                     "builds and runs packages, for hours",
	"CACHEGEN_MUTANTS=":                      "builds and runs mutants, for hours",
	"CACHEGEN_RTA=":                          "analyses other modules, for hours",
	"CACHEGEN_EXPERIMENT=":                   "analyses other modules, for an hour",
	"CACHEGEN_HISTORY=":                      "needs a clone of a large repository",
}

// beforePage is what has happened in the module of a reader who comes to a page, as shell.
var beforePage = map[string]string{
	"README.md":       "rm -rf ./* .git .github && go mod init example.com/fresh",
	"CONTRIBUTING.md": "rm -rf ./* .git .github && go mod init example.com/fresh",
	"docs/howto/merge-conflicts.md": `change() { sed -i.bak "s/\"sun\"/\"$1\"/" weather.go; rm weather.go.bak; go generate ./...; git commit -qam "$1"; }
git checkout -qb other; change snow; git checkout -q main; change rain
if git merge other >/dev/null; then exit 1; fi # they conflict
sed -i.bak -e '/^[<=>|]\{7\}/d' -e '/snow/d' weather.go; rm weather.go.bak; git add weather.go`,
}

// TestShell runs each block of shell, in a module with a cached function whose code has changed since
// its first commit, and with a store that has a result. Lines of unrun are left out.
func TestShell(t *testing.T) {
	reader := newReader(t)
	met := map[string]bool{}
	for _, p := range pages(t) {
		script := ""
		for _, b := range p.blocks {
			if b.lang == "sh" {
				script += runnable(b.text, met)
			}
		}
		if strings.TrimSpace(script) == "" {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			w := reader.copy(t)
			script = strings.ReplaceAll(script, getTool, `cp "$REPOSITORY/go.sum" . && go mod edit -tool=github.com/cachegen/cachegen/cmd/cachegen \
	-require=github.com/cachegen/cachegen@v0.0.0 -replace=github.com/cachegen/cachegen="$REPOSITORY" && go mod tidy`)
			script = strings.ReplaceAll(script, "=../cachegen", `="$REPOSITORY"`) // where the compiler knows it already
			w.must(t, beforePage[p.name]+"\n"+script)
		})
	}
	for line := range unrun {
		if !met[line] {
			t.Errorf("no page has a line that begins with %s", line)
		}
	}
}

// runnable is the text of a block without the lines of unrun, which it adds to met.
func runnable(text string, met map[string]bool) string {
	var kept strings.Builder
lines:
	for line := range strings.Lines(text) {
		for begin := range unrun {
			if strings.HasPrefix(line, begin) {
				met[begin] = true
				continue lines
			}
		}
		kept.WriteString(line)
	}
	return kept.String()
}

// newReader makes the module of somebody who reads pages, with the command in PATH.
func newReader(t *testing.T) *walk {
	t.Helper()
	w := newWalk(t)
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", bin, "../cmd/cachegen").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w.env = append(w.env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "REPOSITORY="+w.repository)
	w.write(t, "go.mod", "module example.com/weather\n\ngo 1.26\n")
	w.require(t)
	w.write(t, "generate.go", "package weather\n\n//go:generate cachegen ./...\n")
	w.write(t, "weather.go", "package weather\n\n// Forecast is a forecast.\n//\n//cache:auto\nfunc Forecast(city string) string { return \"rain in \" + city }\n")
	w.write(t, "cmd/show/main.go", `package main

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
	w.must(t, `go generate ./...
printf '.cache\n' > .gitignore
git init -q -b main && git add -A && git commit -qm 'Forecast rain' && git update-ref refs/remotes/origin/main HEAD
sed -i.bak 's/"rain in/"sun" + " in/' weather.go && rm weather.go.bak
go generate ./... && git commit -qam 'Forecast sun'
go build -o show ./cmd/show && ./show && rm show`)
	return w
}

// copy is the same module in a directory of its own.
func (w *walk) copy(t *testing.T) *walk {
	t.Helper()
	c := *w
	c.dir = t.TempDir()
	if err := os.CopyFS(c.dir, os.DirFS(w.dir)); err != nil {
		t.Fatal(err)
	}
	c.env = append(c.env[:len(c.env):len(c.env)], "HOME="+c.dir, "XDG_CACHE_HOME="+filepath.Join(c.dir, ".cache"))
	return &c
}

// must runs a script, of which no command may fail.
func (w *walk) must(t *testing.T, script string) {
	t.Helper()
	cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = w.dir, w.env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\nprinted\n%s", err, script, out)
	}
}
