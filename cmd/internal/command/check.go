package command

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/cachegen/cachegen/generator"
)

// runCheck compares the generated files with what would be generated now.
func runCheck(ctx context.Context, c *command, args []string) int {
	f := c.loadFlags()
	if code, ok := c.parse(args); !ok {
		return code
	}
	result, err := c.generate(ctx, f, c.flags.Args())
	if err != nil {
		return c.fail(err)
	}
	if c.report(result, f.werror) {
		return exitError
	}
	code := exitOK
	for _, file := range result.Files {
		if !file.Changed() {
			continue
		}
		code = exitFindings
		name := relative(file.Path)
		fmt.Fprintf(c.stdout, "%s: %s; run cachegen\n", name, file.Reason())
		c.stdout.Write(diff.Diff(name, file.Old, name+" (up to date)", file.New))
	}
	if code == exitFindings {
		c.sinceCommit(ctx, f, result)
	}
	return code
}

// sinceCommit prints which definitions made versions change since the last commit, where generated code is that commit's. What can't be found
// out is not said.
func (c *command) sinceCommit(ctx context.Context, f *loadFlags, now *generator.Result) {
	b, err := checkOut(ctx, "HEAD")
	if err != nil {
		return
	}
	defer b.remove()
	before, err := c.generateIn(ctx, f, b.here, c.flags.Args())
	if err != nil {
		return
	}
	var there bytes.Buffer
	for _, file := range now.Files {
		there.Write(file.Old)
	}
	for _, d := range invalidated(before, now) {
		if len(d.Changes) > 0 && bytes.Contains(there.Bytes(), []byte(strconv.Quote(d.Before))) {
			b.rename(d.Changes)
			shorten(d.Changes)
			c.printChanges(d.difference)
		}
	}
}
