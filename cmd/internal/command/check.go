package command

import (
	"context"
	"fmt"

	"github.com/rogpeppe/go-internal/diff"
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
	return code
}
