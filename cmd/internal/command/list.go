package command

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/cachegen/cachegen/generator"
)

// inProcess stands for the version of functions whose results never leave the process.
const inProcess = "in-process"

// runList prints the cached functions: those that there are, whatever is wrong with others.
func runList(ctx context.Context, c *command, args []string) int {
	f := c.loadFlags()
	asJSON := c.flags.Bool("json", false, "print a JSON array")
	if code, ok := c.parse(args); !ok {
		return code
	}
	result, err := c.generate(ctx, f, c.flags.Args())
	if err != nil {
		return c.fail(err)
	}
	failed := c.report(result, f.werror)
	for i := range result.Functions {
		result.Functions[i].File = relative(result.Functions[i].File)
	}
	if code := c.printList(result.Functions, *asJSON); code != exitOK {
		return code
	}
	if failed {
		return exitError
	}
	return exitOK
}

func (c *command) printList(functions []generator.Function, asJSON bool) int {
	if asJSON {
		return c.listJSON(functions)
	}
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	for _, fn := range functions {
		fmt.Fprintf(w, "%s\t%s\t%s:%d\t%s\n", fn.Name, cmp.Or(fn.Version, inProcess), fn.File, fn.Line, strings.ReplaceAll(fn.Directive, "\n", " "))
	}
	if err := w.Flush(); err != nil {
		return c.fail(err)
	}
	return exitOK
}

func (c *command) listJSON(functions []generator.Function) int {
	if functions == nil {
		functions = []generator.Function{}
	}
	e := json.NewEncoder(c.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	if err := e.Encode(functions); err != nil {
		return c.fail(err)
	}
	return exitOK
}
