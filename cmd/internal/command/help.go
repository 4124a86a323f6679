package command

import (
	"context"
	_ "embed"
	"fmt"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator"
)

// reference is the package comment, which help prints.
//
//go:embed doc.go
var reference string

// runHelp prints the reference or a topic.
func runHelp(ctx context.Context, c *command, args []string) int {
	if code, ok := c.parse(args); !ok {
		return code
	}
	var err error
	switch topic := c.flags.Arg(0); topic {
	case "":
		err = c.printReference()
	case "directives":
		err = generator.WriteDirectives(c.stdout)
	case "options":
		err = generator.WriteOptions(c.stdout)
	case "messages":
		err = generator.WritePages(c.stdout)
	default:
		return c.helpOnEach(ctx)
	}
	if err != nil {
		return c.fail(err)
	}
	return exitOK
}

// helpOnEach prints the pages of the codes of messages, or what a subcommand takes.
func (c *command) helpOnEach(ctx context.Context) int {
	for i, topic := range c.flags.Args() {
		if i > 0 {
			fmt.Fprintln(c.stdout)
		}
		switch ok, err := generator.WritePage(c.stdout, topic); {
		case err != nil:
			return c.fail(err)
		case !ok:
			return c.helpOn(ctx, topic)
		}
	}
	return exitOK
}

// helpOn prints what a subcommand takes.
func (c *command) helpOn(ctx context.Context, name string) int {
	var names []string
	for _, sub := range subcommands() {
		if sub.name == name {
			usage := &command{stdout: c.stdout, stderr: c.stdout, flags: newFlags(c.stdout, sub.usage, sub.summary)}
			return sub.run(ctx, usage, []string{"-h"})
		}
		names = append(names, sub.name)
	}
	topics := append([]string{"directives", "options", "messages"}, names...)
	return c.fail(fmt.Errorf("no help on %q%s; there is on %s", name, generator.DidYouMean(name, slices.Values(topics)), strings.Join(topics, ", ")))
}

// printReference prints the package comment as go doc would.
func (c *command) printReference() error {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", reference, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		return err
	}
	var p comment.Parser
	printer := comment.Printer{TextCodePrefix: "    ", TextWidth: 100}
	_, err = c.stdout.Write(printer.Text(p.Parse(strings.Replace(file.Doc.Text(), "Package command is the command cachegen, which", "Cachegen", 1))))
	return err
}

// runVersion prints the version of the module that the command was built from.
func runVersion(c *command) int {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		fmt.Fprintln(c.stdout, "cachegen (unknown version)")
		return exitOK
	}
	fmt.Fprintln(c.stdout, "cachegen", info.Main.Version)
	return exitOK
}
