package ci

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// root is the repository's.
var root = filepath.Join("..", "..")

// workflow is what there is to know of a workflow of GitHub.
type workflow struct {
	Name string
	On   any
	Jobs map[string]struct {
		RunsOn string `yaml:"runs-on"`
		Env    map[string]string
		Steps  []step
	}
}

type step struct {
	Name, If, Uses, Run string
	With                map[string]string
}

// read returns what a YAML file says.
func read[T any](t *testing.T, name string) (v T) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// TestParse parses all YAML and JSON that is to be copied, and what the project uses itself.
func TestParse(t *testing.T) {
	n := 0
	for _, dir := range []string{".", filepath.Join(root, ".github"), filepath.Join(root, ".vscode"), filepath.Join(root, ".golangci.yml")} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			switch filepath.Ext(path) {
			case ".yml", ".yaml":
				read[any](t, path)
				n++
			case ".json":
				data, err := os.ReadFile(path)
				if err != nil || !json.Valid(data) {
					t.Errorf("%s: no JSON: %v", path, err)
				}
				n++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 12 {
		t.Errorf("only %d files", n)
	}
}

// TestWorkflows sees that each step of each workflow does one thing, with actions of fixed
// versions, and that tokens can't do too much.
func TestWorkflows(t *testing.T) {
	names, err := filepath.Glob("github/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	own, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil || len(names) < 3 || len(own) < 1 {
		t.Fatalf("%d and %d workflows, %v", len(names), len(own), err)
	}
	for _, name := range append(names, own...) {
		w := read[workflow](t, name)
		if w.Name == "" || w.On == nil || len(w.Jobs) == 0 {
			t.Errorf("%s: %+v", name, w)
		}
		if _, ok := read[map[string]any](t, name)["permissions"]; !ok {
			t.Errorf("%s has no permissions", name)
		}
		for job, j := range w.Jobs {
			if j.RunsOn == "" || len(j.Steps) == 0 {
				t.Errorf("%s: %s: %+v", name, job, j)
			}
			for _, s := range j.Steps {
				if (s.Uses == "") == (s.Run == "") || s.Uses != "" && !strings.Contains(s.Uses, "@v") {
					t.Errorf("%s: %s: %+v", name, job, s)
				}
			}
		}
	}
}

// TestInitWritesTheSame sees that the files to copy are those that cachegen init writes.
func TestInitWritesTheSame(t *testing.T) {
	for own, example := range map[string]string{"init_workflow.yml": "github/cachegen.yml", "init_gitlab.yml": "gitlab/cachegen.yml"} {
		written, err := os.ReadFile(filepath.Join(root, "cmd", "internal", "command", own))
		if err != nil {
			t.Fatal(err)
		}
		copied, err := os.ReadFile(example)
		if err != nil || !bytes.Equal(written, copied) {
			t.Errorf("they differ: copy %s; %v", own, err)
		}
	}
}
