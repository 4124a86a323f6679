package command

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/format"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"text/template"
	"time"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/inspect"
)

// runVerifyExecute executes functions for the inputs that a store has in full, and compares. Only a program that has the functions can: it is
// built from the package that is named, with one more file.
func runVerifyExecute(ctx context.Context, c *command, f *filterFlags) int {
	filter, err := f.executable()
	if err == nil && c.flags.NArg() > 1 {
		err = errors.New("cache verify -execute: name one package: the program, or the package of the functions")
	}
	if err != nil {
		return c.fail(err)
	}
	list, err := c.execute(ctx, f, filter, cmp.Or(c.flags.Arg(0), "."))
	if err != nil {
		return c.fail(err)
	}
	differ, err := printVerified(c.stdout, list, f.json)
	switch {
	case err != nil:
		return c.fail(err)
	case differ:
		return exitFindings
	}
	return exitOK
}

// executable returns the filter, which must say nothing that inputs don't tell.
func (f *filterFlags) executable() (inspect.Filter, error) {
	if f.size > 0 || f.states != "" || f.stale {
		return inspect.Filter{}, errors.New("cache verify: -min-size, -state and -stale are not for -execute")
	}
	return f.parsed()
}

// program is a package that the go command told of.
type program struct {
	Name, ImportPath, Dir string
}

// execute builds the program with a file more, runs it, and returns what it reports.
func (c *command) execute(ctx context.Context, f *filterFlags, filter inspect.Filter, pattern string) ([]cacheimpl.Verified, error) {
	of, err := c.packageOf(ctx, f.load, pattern)
	if err != nil {
		return nil, err
	}
	// It lies as the programs of go run do: so its wrappers look whether they are up to date.
	temp, err := os.MkdirTemp("", "go-build")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	binary := filepath.Join(temp, "b001", "exe", "verify")
	v := cacheimpl.Verification{Report: filepath.Join(temp, "report.json")}
	v.Filter.Version, v.Filter.Until = filter.Version, filter.Before
	if filter.Func != "" {
		v.Funcs = []string{filter.Func}
	}
	overlay, err := of.overlay(temp, &v)
	if err != nil {
		return nil, err
	}
	build := f.load.goCommand(ctx, "build", "-overlay="+overlay.file, "-o", binary, overlay.target)
	build.Stdout, build.Stderr = c.stderr, c.stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("cache verify: %s does not build", of.ImportPath)
	}
	run := exec.CommandContext(ctx, binary)
	run.Stdout, run.Stderr = c.stderr, c.stderr
	run.Cancel = func() error { return run.Process.Signal(os.Interrupt) }
	run.WaitDelay = 5 * time.Second
	run.Env = append(os.Environ(), scopeVariables(f.store, &filter)...)
	if err := run.Run(); err != nil {
		return nil, fmt.Errorf("cache verify: the program of %s: %w", of.ImportPath, err)
	}
	report, err := os.ReadFile(v.Report)
	if err != nil {
		return nil, fmt.Errorf("cache verify: the program of %s ended before it could execute anything", of.ImportPath)
	}
	var list []cacheimpl.Verified
	return list, json.Unmarshal(report, &list)
}

// scopeVariables are the variables that say which store and scope are meant.
func scopeVariables(store string, filter *inspect.Filter) (env []string) {
	for name, value := range map[string]string{
		"CACHEGEN_STORE": store, "CACHEGEN_PROJECT": filter.Project, "CACHEGEN_DOMAIN": filter.Domain,
	} {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// packageOf returns the package that a pattern means, which must be one.
func (c *command) packageOf(ctx context.Context, load *loadFlags, pattern string) (*program, error) {
	list := load.goCommand(ctx, "list", "-json=Name,ImportPath,Dir", pattern)
	list.Stderr = c.stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("cache verify: the go command can't list %s", pattern)
	}
	var found []program
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p program
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("cache verify: no package is %s: name the program, or the package of the functions", pattern)
	case 1:
	default:
		return nil, fmt.Errorf("cache verify: %s are %d packages: name the program, or the package of the functions", pattern, len(found))
	}
	return &found[0], nil
}

// verifyFile is the file more. Its name comes last, so that its init does; its imports have names that no package has.
var verifyFile = template.Must(template.New("verify").Parse(`package main

import (
	cachegenJSON "encoding/json"
	cachegenVerify "github.com/cachegen/cachegen/runtime/cacheimpl"
	{{if .Import}}_ {{printf "%q" .Import}}{{end}}
)

func init() {
	var v cachegenVerify.Verification
	if err := cachegenJSON.Unmarshal([]byte({{printf "%q" .Asked}}), &v); err != nil {
		panic(err)
	}
	cachegenVerify.Verify(v)
}
{{if .Import}}
func main() {}
{{end}}`))

// overlaid says how the go command is to build a program that is not on disk as such.
type overlaid struct{ file, target string }

// overlay writes the file more, and what tells the go command of it. A package that is no program gets one around it, in a folder of its module
// that is not there, so that it may import what is internal.
func (p *program) overlay(temp string, v *cacheimpl.Verification) (*overlaid, error) {
	asked, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dir, imported := p.Dir, ""
	if p.Name != "main" {
		dir, imported = filepath.Join(p.Dir, "cachegen_verify"), p.ImportPath
	}
	var src bytes.Buffer
	if err := verifyFile.Execute(&src, struct{ Import, Asked string }{imported, string(asked)}); err != nil {
		return nil, err
	}
	formatted, err := format.Source(src.Bytes())
	if err != nil {
		return nil, err
	}
	file := filepath.Join(temp, "verify.go")
	replaced := map[string]map[string]string{"Replace": {filepath.Join(dir, "zzz_cachegen_verify.go"): file}}
	list, err := json.Marshal(replaced)
	if err != nil {
		return nil, err
	}
	o := &overlaid{filepath.Join(temp, "overlay.json"), dir}
	return o, errors.Join(os.WriteFile(file, formatted, 0o600), os.WriteFile(o.file, list, 0o600))
}

// printVerified prints what programs reported, and says whether results differ.
func printVerified(w io.Writer, list []cacheimpl.Verified, asJSON bool) (differ bool, err error) {
	for _, f := range list {
		differ = differ || len(f.Different) > 0
	}
	if asJSON {
		return differ, encode(w, list, "")
	}
	var b bytes.Buffer
	if len(list) == 0 {
		fmt.Fprintln(&b, "the program has no such cached function")
	}
	for _, f := range list {
		fmt.Fprintln(&b, printable(f.Func)+": "+summary(&f))
		for _, d := range f.Different {
			fmt.Fprintf(&b, "  %s: %s\n", printable(d.Inputs), printable(fmt.Sprintf("%s: %s kept, %s now", d.Path, d.Was, d.Is)))
		}
	}
	_, err = w.Write(b.Bytes())
	return differ, err
}

// summary says what became of one function's inputs.
func summary(f *cacheimpl.Verified) string {
	if f.Executed+f.Missing+f.Failed == 0 && f.Error != "" {
		return "not executed: " + printable(f.Error)
	}
	s := fmt.Sprintf("%d executed, %d differ", f.Executed, len(f.Different))
	if f.Failed > 0 {
		s += fmt.Sprintf(", %d failed", f.Failed)
	}
	if f.Missing > 0 {
		s += fmt.Sprintf(", %d without a result of this code and build", f.Missing)
	}
	if f.Error != "" {
		s += "; " + printable(f.Error)
	}
	return s
}
