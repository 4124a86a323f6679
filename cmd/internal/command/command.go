package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator"
)

// Main runs the command line of the process and exits.
func Main() {
	collectLate()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes.
const (
	exitOK       = 0
	exitFindings = 1 // not up to date, warnings with -werror
	exitError    = 2 // what was asked for could not be done
)

// command is what is common to the subcommands.
type command struct {
	stdout, stderr io.Writer
	flags          *flag.FlagSet
}

// subcommand is one of the things that cachegen does, other than generating.
type subcommand struct {
	name, usage, summary string
	run                  func(ctx context.Context, c *command, args []string) int
}

func subcommands() []subcommand {
	return []subcommand{
		{"init", "init [-ci github|gitlab|none]", "make a module ready: add the tool, a line for go generate, a workflow for CI", runInit},
		{"check", "check [packages]", "tell whether generated code is up to date", runCheck},
		{"list", "list [-json] [packages]", "list cached functions", runList},
		{"why", "why [-base REV] [-full] [-json] [-mermaid] FUNC", "tell what a version is made of, or what changed it since a git revision", runWhy},
		{"diff", "diff [-base REV] [-json] [-store URL] [packages]", "tell which caches a change invalidates, and why", runDiff},
		{"accept", "accept [-base REV] FUNC", "record that a change of code makes no difference", runAccept},
		{"log", "log [-json] [-store URL] FUNC", "print the versions that a function had, and what a store has of each", runLog},
		{"env", "env [-json]", "print the settings in force, and where they are from", runEnv},
		{"cache", "cache " + strings.ReplaceAll(verbNames(), ", ", "|") + " [-store URL]", "look into a store, and tidy it", runCache},
		{"completion", "completion bash|zsh|fish", "print a script that completes command lines in a shell", runCompletion},
		{"help", "help [topic|command]", "print the reference, a topic of it, or what a command takes", runHelp},
	}
}

// run executes the command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c := &command{stdout: stdout, stderr: stderr}
	if isVet(args) {
		return runVet(ctx, c, args)
	}
	if len(args) > 0 {
		for _, sub := range subcommands() {
			if sub.name == args[0] {
				c.flags = newFlags(stderr, sub.usage, sub.summary)
				return sub.run(ctx, c, args[1:])
			}
		}
		if slices.Contains([]string{"version", "-version", "--version"}, args[0]) {
			return runVersion(c)
		}
		if err := mistyped(args[0]); err != nil {
			return c.fail(err)
		}
	}
	c.flags = newFlags(stderr, "[packages]", "generate")
	return runGenerate(ctx, c, args)
}

// newFlags returns the flags of a subcommand, whose usage goes to stderr.
func newFlags(stderr io.Writer, usage, summary string) *flag.FlagSet {
	flags := flag.NewFlagSet("cachegen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, "usage: cachegen %s\n\n%s\n", usage, summary)
		flags.PrintDefaults()
		fmt.Fprintf(stderr, "\n'cachegen help' prints the reference.\n")
	}
	return flags
}

// again returns a command to run another subcommand with.
func (c *command) again() *command {
	return &command{stdout: c.stdout, stderr: c.stderr, flags: newFlags(c.stderr, "[packages]", "generate")}
}

// parse parses flags and says whether to go on, and otherwise the exit code.
func (c *command) parse(args []string) (int, bool) {
	switch err := c.flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK, false
	case err != nil:
		return exitError, false
	}
	return exitOK, true
}

// fail prints an error and returns the exit code for it.
func (c *command) fail(err error) int {
	page := ""
	if code := generator.PageAbout(err.Error()); code >= "E7" { // not what is about code
		page = " (cachegen help " + code + ")"
	}
	fmt.Fprintf(c.stderr, "cachegen: %v%s\n", err, page)
	return exitError
}
