package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cachegen/cachegen/generator"
)

// loadFlags are the flags of every subcommand that loads packages.
type loadFlags struct {
	tags   string
	werror bool
}

func (c *command) loadFlags() *loadFlags {
	f := new(loadFlags)
	c.flags.StringVar(&f.tags, "tags", "", "comma-separated build `tags`")
	c.flags.BoolVar(&f.werror, "werror", false, "treat warnings as errors")
	return f
}

// generate runs the generator over the patterns, telling on a terminal what takes long.
func (c *command) generate(ctx context.Context, f *loadFlags, patterns []string) (*generator.Result, error) {
	return c.generateIn(ctx, f, "", patterns)
}

// generateIn is generate for another directory than the current one.
func (c *command) generateIn(ctx context.Context, f *loadFlags, dir string, patterns []string) (*generator.Result, error) {
	cfg := generator.Config{Dir: dir, Patterns: patterns, WarningsAreErrors: f.werror}
	if f.tags != "" {
		cfg.Tags = strings.Split(f.tags, ",")
	}
	progress := newProgress(c.stderr)
	defer progress.stop()
	cfg.Progress = progress.set
	return generator.Run(ctx, cfg)
}

// report prints diagnostics like the compiler's and says whether they forbid going on.
func (c *command) report(result *generator.Result, werror bool) (failed bool) {
	for _, d := range result.Diagnostics {
		d.Pos.Filename = relative(d.Pos.Filename)
		fmt.Fprintln(c.stderr, d)
		failed = failed || werror || !d.IsWarning()
	}
	return failed
}

// reportAt prints the errors of a result, of a base or without one, and says whether there are any.
func (c *command) reportAt(b *base, result *generator.Result) (failed bool) {
	return c.reportIf(b, result, func(generator.Diagnostic) bool { return true })
}

// reportIf is reportAt for the errors that meet a condition.
func (c *command) reportIf(b *base, result *generator.Result, condition func(generator.Diagnostic) bool) (failed bool) {
	for _, d := range result.Diagnostics {
		if d.IsWarning() || !condition(d) {
			continue
		}
		failed = true
		d.Pos.Filename = b.name(d.Pos.Filename)
		fmt.Fprintln(c.stderr, d)
	}
	return failed
}

// cutDir returns the part of a file name below dir, with slashes.
func cutDir(name, dir string) (string, bool) {
	rel, err := filepath.Rel(dir, name)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// relative shortens a file name as the go command does: relative to the current directory where that is shorter.
func relative(name string) string {
	dir, err := os.Getwd()
	if err != nil {
		return name
	}
	short, err := filepath.Rel(dir, name)
	if err != nil || len(short) > len(name) {
		return name
	}
	return short
}

// runGenerate writes the generated files of the packages. Those of packages with errors stay as they are.
func runGenerate(ctx context.Context, c *command, args []string) int {
	f := c.loadFlags()
	if code, ok := c.parse(args); !ok {
		return code
	}
	began := time.Now()
	result, err := c.generate(ctx, f, c.flags.Args())
	if err != nil {
		return c.fail(err)
	}
	failed := c.report(result, f.werror)
	for _, file := range result.Files {
		if !file.Changed() {
			continue
		}
		if err := write(file); err != nil {
			c.fail(err)
			failed = true
		}
	}
	recordSources(result, began)
	if failed {
		return exitError
	}
	return exitOK
}
