package command

import (
	"context"
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/cachegen/cachegen/internal/regular"
)

var (
	//go:embed init_workflow.yml
	workflow string
	//go:embed init_gitlab.yml
	pipeline string
)

// service is one that runs CI. Its files are at the root of a repository, which may be above the
// module, and paths are from there.
type service struct {
	files string // a pattern for the files that may have a check already
	// check returns the file that has the service check the module at a path; "." is the root.
	check func(module string) (name, content string)
}

var services = map[string]service{
	"github": {".github/workflows/*.y*ml", githubWorkflow},
	"gitlab": {".gitlab-ci.yml", gitlabPipeline},
}

func githubWorkflow(module string) (name, content string) {
	if module == "." {
		return ".github/workflows/cachegen.yml", workflow
	}
	name = ".github/workflows/cachegen-" + strings.ReplaceAll(module, "/", "-") + ".yml"
	return name, strings.NewReplacer(
		"name: cachegen\n", "name: cachegen "+module+"\n",
		"    runs-on: ubuntu-latest\n", "    runs-on: ubuntu-latest\n    defaults:\n      run:\n        working-directory: "+module+"\n",
		"go-version-file: go.mod", "go-version-file: "+module+"/go.mod",
	).Replace(workflow)
}

func gitlabPipeline(module string) (name, content string) {
	if module == "." {
		return ".gitlab-ci.yml", pipeline
	}
	return ".gitlab-ci.yml", strings.Replace(pipeline, "  script:\n", "  script:\n    - cd "+module+"\n", 1)
}

// addCheck writes the file that has a service check generated code, unless a file does already.
func (i *initializer) addCheck(ctx context.Context, s service) error {
	root, module := i.repository(ctx)
	names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(s.files)))
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := regular.ReadFile(name)
		if err != nil {
			return err
		}
		if checks(string(data), module) {
			i.say(i.relative(name), "runs cachegen check already")
			return nil
		}
	}
	name, content := s.check(module)
	path := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return i.create(i.relative(path), []byte(content), "written: it runs cachegen check for each pull request")
}

// checks reports whether a file of a service checks the module at a path below the root.
func checks(content, module string) bool {
	return strings.Contains(content, "cachegen check") && (module == "." || strings.Contains(content, module))
}

// repository returns the root of the git repository around the module, and the module's path below
// it. Without a repository the module's directory is the root.
func (i *initializer) repository(ctx context.Context) (root, module string) {
	cmd := exec.CommandContext(ctx, "git", "rev-parse", "--show-prefix")
	cmd.Dir = i.dir
	out, err := cmd.Output()
	module = strings.Trim(strings.TrimSpace(string(out)), "/")
	if err != nil || module == "" {
		return i.dir, "."
	}
	root = i.dir
	for range strings.Count(module, "/") + 1 {
		root = filepath.Dir(root)
	}
	return root, module
}

// relative returns a path as seen from the module's directory.
func (i *initializer) relative(path string) string {
	rel, err := filepath.Rel(i.dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}
