package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
)

// goCommand is a go command with the build tags of the flags.
func (f *loadFlags) goCommand(ctx context.Context, verb string, args ...string) *exec.Cmd {
	if f.tags != "" {
		args = append([]string{"-tags=" + f.tags}, args...)
	}
	return exec.CommandContext(ctx, "go", append([]string{verb}, args...)...)
}

// modulesHere returns which versions of modules programs have that are built here, as keys have them but for the sums, which are compared only
// where both are known. Directories have no version.
func (f *loadFlags) modulesHere(ctx context.Context, paths []string) (l []string) {
	args := []string{"-m", "-json=Path,Version,Replace"}
	for _, path := range paths {
		if !strings.Contains(path, " => ") { // what is in the version
			args = append(args, path)
		}
	}
	if len(args) == 2 {
		return nil
	}
	out, err := f.goCommand(ctx, "list", args...).Output()
	if err != nil {
		return nil
	}
	type module struct{ Path, Version string }
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var m struct {
			module
			Replace *module
		}
		if err := d.Decode(&m); err != nil {
			if !errors.Is(err, io.EOF) {
				return nil
			}
			return l
		}
		code := m.module
		if m.Replace != nil {
			code = *m.Replace
		}
		if code.Version != "" {
			l = append(l, m.Path+" "+code.Path+"@"+code.Version)
		}
	}
}

// buildHere returns the settings of the build in keys of programs that are built here, as far as the environment and -tags tell.
func (f *loadFlags) buildHere(ctx context.Context) []string {
	out, err := exec.CommandContext(ctx, "go", "env", "-json", "-changed=false", "GOOS", "GOARCH", "CGO_ENABLED", "GOFLAGS").Output()
	if err != nil {
		return nil
	}
	var env map[string]string
	if json.Unmarshal(out, &env) != nil {
		return nil
	}
	tags := f.tags
	for flag := range strings.FieldsSeq(env["GOFLAGS"]) {
		if value, ok := strings.CutPrefix(strings.TrimPrefix(flag, "-"), "-tags="); ok && tags == "" {
			tags = value
		}
	}
	return []string{"GOOS=" + env["GOOS"], "GOARCH=" + env["GOARCH"], "CGO_ENABLED=" + env["CGO_ENABLED"], "-tags=" + tags}
}
