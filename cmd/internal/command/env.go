package command

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/cachegen/cachegen/runtime/inspect"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
)

// runEnv prints the settings in force, and where they are from.
func runEnv(ctx context.Context, c *command, args []string) int {
	asJSON := c.flags.Bool("json", false, "print a JSON array")
	if code, ok := c.parse(args); !ok {
		return code
	}
	if c.flags.NArg() > 0 {
		return c.fail(fmt.Errorf("env: unexpected argument %q", c.flags.Arg(0)))
	}
	settings, err := inspect.Environment()
	if err != nil {
		return c.fail(err)
	}
	folder, _ := dir.DefaultFolder() // whetherThere says why there is none
	settings = append(settings, inspect.Setting{Name: "default store", Value: folder, From: whetherThere(ctx)})
	if *asJSON {
		return c.printJSON(settings)
	}
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SETTING\tVALUE\tFROM")
	for _, s := range settings {
		if s.Value == "" {
			s.Value = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.Name, printable(s.Value), printable(s.From))
	}
	if err := w.Flush(); err != nil {
		return c.fail(err)
	}
	return exitOK
}

// whetherThere says whether there is a default store.
func whetherThere(ctx context.Context) string {
	in, err := inspect.Open(ctx, "dir:")
	switch {
	case errors.Is(err, store.ErrNoStore):
		return "there is none yet"
	case err != nil:
		return err.Error()
	}
	_ = in.Close()
	return "there is one"
}
