package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"cachegen": Main,
	})
}

// TestScripts runs the archives in testdata/script: the command and the go command on small modules.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   filepath.Join("..", "..", "..", "testdata", "script"),
		Setup: setupScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"capture": cmdCapture,
			"damage":  cmdDamage,
			"module":  cmdModule,
			"replace": cmdReplace,
			"overlay": cmdOverlay,
			"save":    cmdSave,
			"spoil":   cmdSpoil,
		},
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// setupScript gives scripts the machine's build and module caches, and nothing from the network.
func setupScript(env *testscript.Env) error {
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE", "GOROOT").Output()
	if err != nil {
		return err
	}
	values := strings.Split(strings.TrimSpace(string(out)), "\n")
	for i, name := range []string{"GOCACHE", "GOMODCACHE", "GOROOT"} {
		env.Setenv(name, strings.TrimSpace(values[i]))
	}
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		return err
	}
	env.Setenv("ROOT", root)
	tool, err := exec.LookPath("cachegen")
	if err != nil {
		return err
	}
	env.Setenv("VETTOOL", tool)
	env.Setenv("GOPROXY", "off")
	env.Setenv("GOFLAGS", "-mod=mod")
	env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".user-cache"))
	env.Setenv("GIT_CONFIG_COUNT", "3")
	for i, setting := range []string{"user.name=a", "user.email=a@example.com", "init.defaultBranch=main"} {
		name, value, _ := strings.Cut(setting, "=")
		env.Setenv("GIT_CONFIG_KEY_"+strconv.Itoa(i), name)
		env.Setenv("GIT_CONFIG_VALUE_"+strconv.Itoa(i), value)
	}
	return nil
}

// cmdModule makes the current directory, or the one that is named, a module that requires this repository: module [dir] path.
func cmdModule(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: module [dir] path")
	}
	dir := ts.MkAbs(".")
	if len(args) == 2 {
		dir = ts.MkAbs(args[0])
	}
	root := ts.Getenv("ROOT")
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	ts.Check(err)
	_, requires, _ := strings.Cut(string(own), "\nrequire")
	gomod := "module " + args[len(args)-1] + "\n\ngo 1.26\n\n" +
		"require github.com/cachegen/cachegen v0.0.0\n\n" +
		"replace github.com/cachegen/cachegen => " + root + "\n\nrequire" + requires
	ts.Check(os.WriteFile(filepath.Join(dir, "go.mod"), []byte(gomod), 0o644))
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	ts.Check(err)
	ts.Check(os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o644))
}

// cmdReplace replaces the only occurrence of a text in a file: replace old new file.
func cmdReplace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace old new file")
	}
	name := ts.MkAbs(args[2])
	content := ts.ReadFile(args[2])
	if n := strings.Count(content, args[0]); n != 1 {
		ts.Fatalf("%s has %q %d times", args[2], args[0], n)
	}
	ts.Check(os.WriteFile(name, []byte(strings.Replace(content, args[0], args[1], 1)), 0o644))
}

// cmdSave keeps the last command's standard output in a file: save file.
func cmdSave(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: save file")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile("stdout")), 0o644))
}
