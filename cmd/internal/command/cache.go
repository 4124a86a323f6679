package command

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cachegen/cachegen/runtime/inspect"
	"github.com/cachegen/cachegen/runtime/store"
)

// cacheVerbs are what cachegen cache does with a store.
func cacheVerbs() []subcommand {
	return []subcommand{
		{"ls", "cache ls [filters] [-json]", "list entries", runCacheLs},
		{"show", "cache show [-json] KEY", "print an entry: all that its beginning names, with its result", runCacheShow},
		{"why", "cache why [-json] KEY | FUNC [INPUTS]", "tell why a call finds no entry: the nearest, and what differs", runCacheWhy},
		{"rm", "cache rm [-n] [-q] [-json] KEY... | filters", "remove entries", runCacheRm},
		{"clear", "cache clear [-n] [-q] [-json] -func NAME | -all", "make all results of functions unusable, and remove them", runCacheClear},
		{"prune", "cache prune [-n] [-q] [-json] -max-bytes SIZE", "remove what was not used for longest", runCachePrune},
		{"stat", "cache stat [filters] [-json]", "print what the store has, by function", runCacheStat},
		{"verify", "cache verify [filters] [-json] [-execute [PACKAGE]]", "look whether entries can be read, or with -execute whether functions still return them; exit 1 if not", runCacheVerify},
	}
}

// runCache looks into and tidies a store.
func runCache(ctx context.Context, c *command, args []string) int {
	if len(args) > 0 {
		for _, verb := range cacheVerbs() {
			if verb.name == args[0] {
				c.flags = newFlags(c.stderr, verb.usage, verb.summary)
				return verb.run(ctx, c, args[1:])
			}
		}
	}
	if code, ok := c.parse(args); !ok {
		return code
	}
	if c.flags.NArg() == 0 {
		return c.fail(fmt.Errorf("cache needs a command: %s", verbNames()))
	}
	return c.fail(fmt.Errorf("cache: %q is none of %s", c.flags.Arg(0), verbNames()))
}

func verbNames() string {
	var names []string
	for _, verb := range cacheVerbs() {
		names = append(names, verb.name)
	}
	return strings.Join(names, ", ")
}

// cacheFlags are the flags of all verbs.
type cacheFlags struct {
	store string
	json  bool
}

func (c *command) cacheFlags() *cacheFlags {
	f := new(cacheFlags)
	c.flags.StringVar(&f.store, "store", "", "the store's `URL`; default: $CACHEGEN_STORE, or else the folder that programs use")
	c.flags.BoolVar(&f.json, "json", false, "print JSON")
	return f
}

// inspection is a store that is looked into.
type inspection struct {
	*inspect.Inspector
	out      *bufio.Writer
	progress *progress
}

// inspect opens the store. With quiet it tells what takes long; otherwise lines on a terminal tell enough.
func (c *command) inspect(ctx context.Context, f *cacheFlags, quiet bool) (*inspection, error) {
	in, err := inspect.Open(ctx, f.store)
	if errors.Is(err, store.ErrNoDriver) {
		err = fmt.Errorf("%w, or build this command with it: github.com/cachegen/cachegen/cmd/full/cachegen has all", err)
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(c.stderr, "store:", in.Place())
	told := c.stderr
	if !quiet && isTerminal(c.stdout) {
		told = io.Discard
	}
	i := &inspection{in, bufio.NewWriter(c.stdout), newProgress(told)}
	in.Progress = func(items int64) { i.progress.set("looked at " + count(items, "entry", "entries")) }
	return i, nil
}

// end closes the store and returns the exit code: that of an error, of failing to print, or else code.
func (c *command) end(i *inspection, code int, err error) int {
	i.progress.stop()
	for _, next := range []error{i.out.Flush(), i.Close()} {
		if err == nil {
			err = next
		}
	}
	if err != nil {
		return c.fail(err)
	}
	return code
}

// json prints a value.
func (i *inspection) json(v any) error { return encode(i.out, v, "") }

// array prints a JSON array, an element at a time.
type array struct {
	w io.Writer
	n int
}

func (a *array) add(element any) error {
	var b strings.Builder
	if err := encode(&b, element, "\t"); err != nil {
		return err
	}
	start := "[\n\t"
	if a.n++; a.n > 1 {
		start = ",\n\t"
	}
	_, err := fmt.Fprint(a.w, start, strings.TrimSuffix(b.String(), "\n"))
	return err
}

func (a *array) end() error {
	end := "\n]\n"
	if a.n == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(a.w, end)
	return err
}

// encode writes indented JSON that leaves <, > and & alone, and a line's end.
func encode(w io.Writer, v any, prefix string) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "\t")
	return e.Encode(v)
}
