package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/internal/regular"
)

// runAccept records that the code of a function gives the same results as the version generated at a revision.
func runAccept(ctx context.Context, c *command, args []string) int {
	f := c.loadFlags()
	rev := c.flags.String("base", "HEAD", "the git `revision` whose version stays")
	if code, ok := c.parse(args); !ok {
		return code
	}
	if c.flags.NArg() != 1 {
		return c.fail(errors.New("accept takes one function, such as Forecast or Client.Today"))
	}
	now, err := c.generateIn(ctx, f, "", []string{"./..."})
	if err != nil {
		return c.fail(err)
	}
	fn, err := c.find(nil, now, c.flags.Arg(0))
	if err != nil {
		return c.fail(err)
	}
	b, err := checkOut(ctx, *rev)
	if err != nil {
		return c.fail(err)
	}
	defer b.remove()
	before, err := c.generateIn(ctx, f, b.here, []string{"./..."})
	if err != nil {
		return c.fail(fmt.Errorf("at %s: %w", *rev, err))
	}
	was, err := acceptable(before, fn, *rev)
	if err != nil {
		c.reportAbout(b, before, fn.Name)
		return c.fail(err)
	}
	if was.Version == fn.Version {
		fmt.Fprintf(c.stdout, "%s has the version of %s already\n", fn.Name, *rev)
		return exitOK
	}
	if err := accept(fn, was.Version); err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(c.stdout, "%s keeps version %s until its code changes again\n", fn.Name, was.Version)
	return runGenerate(ctx, c.again(), []string{"./" + filepath.ToSlash(relative(filepath.Dir(fn.File)))})
}

// acceptable returns the function as it was, if its version can stay.
func acceptable(before *generator.Result, fn generator.Function, rev string) (generator.Function, error) {
	was, err := find(before, fn.Name)
	switch {
	case err != nil:
		return was, fmt.Errorf("at %s: %w", rev, err)
	case fn.Version == "":
		return was, fmt.Errorf("%s has no version: its results never leave the process whose code made them", fn.Name)
	case fn.Code == "" || was.Code == "":
		return was, fmt.Errorf("%s is overridden: its version is what //cache:override says", fn.Name)
	case was.Shape != fn.Shape:
		return was, fmt.Errorf("the types of %s's inputs or results changed since %s, or what its inputs are: old entries can't be read as new ones", fn.Name, rev)
	case !slices.Equal(was.Modules, fn.Modules) || !slices.Equal(was.Linked, fn.Linked):
		return was, fmt.Errorf("%s reaches other modules or variables of the linker than at %s, which are in its key beside the version", fn.Name, rev)
	case was.Namespace != fn.Namespace:
		return was, fmt.Errorf("%s had the namespace %s at %s", fn.Name, was.Namespace, rev)
	}
	for _, file := range before.Files {
		if filepath.Dir(file.Path) == filepath.Dir(was.File) && file.Changed() {
			return was, fmt.Errorf("generated code at %s was not up to date: %s", rev, file.Reason())
		}
	}
	return was, nil
}

// accept adds a line to the file beside the function.
func accept(fn generator.Function, version string) error {
	path := filepath.Join(filepath.Dir(fn.File), generator.AcceptedFile)
	old, err := regular.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	accepted, err := generator.ParseAccepted(old)
	if err != nil {
		return fmt.Errorf("%s: %w", relative(path), err)
	}
	accepted[strings.TrimPrefix(fn.Name, fn.Package+".")] = generator.Acceptance{Code: fn.Code, Version: version}
	return write(generator.File{Path: path, Old: old, New: accepted.Format()})
}
