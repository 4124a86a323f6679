package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/runtime/inspect"
)

// nearest is how many entries are told of.
const nearest = 3

// runCacheWhy tells why a call finds no entry.
func runCacheWhy(ctx context.Context, c *command, args []string) int {
	f, load := c.cacheFlags(), new(loadFlags)
	var call inspect.Call
	c.flags.StringVar(&call.Project, "project", "", "the call's `project`")
	c.flags.StringVar(&call.Domain, "domain", "", "the call's `domain`")
	c.flags.StringVar(&load.tags, "tags", "", "comma-separated build `tags`")
	if code, ok := c.parse(args); !ok {
		return code
	}
	if n := c.flags.NArg(); n == 0 {
		return c.fail(errors.New("cache why: name an entry by its key, or a function, and if you like the inputs as cache ls prints them"))
	}
	i, err := c.inspect(ctx, f, true)
	if err != nil {
		return c.fail(err)
	}
	w := &whyMiss{c: c, i: i, load: load, call: call}
	err = w.run(ctx, c.flags.Arg(0), strings.Join(c.flags.Args()[1:], " "))
	if err == nil && f.json {
		err = i.json(&w.answer)
	} else if err == nil {
		w.print()
	}
	return c.end(i, exitOK, err)
}

// whyMiss finds out why a call finds no entry.
type whyMiss struct {
	c      *command
	i      *inspection
	load   *loadFlags
	call   inspect.Call
	answer missAnswer
}

// missAnswer is what was found out, as -json prints it.
type missAnswer struct {
	Function string `json:"function"`
	Inputs   string `json:"inputs,omitempty"`
	// Version is that of the code here, "" if that has no such function.
	Version string `json:"version,omitempty"`
	// Results is how many results the store has of the function.
	Results int64      `json:"results"`
	Near    []nearMiss `json:"near"`
}

// nearMiss is an entry that is near, and what changed of the code since it was made.
type nearMiss struct {
	inspect.Near
	Changes []changedIn `json:"changes,omitempty"`
	// Unknown says why it is not known what changed.
	Unknown string `json:"unknown,omitempty"`
}

// changedIn is a change of a definition and the last commit of its file since then.
type changedIn struct {
	generator.Change
	Commit string `json:"commit,omitempty"`
}

// run finds out about a call, which is named by the key of an entry that is there, or by the function.
func (w *whyMiss) run(ctx context.Context, name, inputs string) error {
	w.call.Inputs = inputs
	e, err := w.i.Find(ctx, name)
	if err == nil && e.Namespace != "" {
		name, w.call.Inputs, w.call.Project, w.call.Domain = e.Func, e.Inputs, e.Project, e.Domain
	} else if _, none := errors.AsType[*inspect.NotOneError](err); err != nil && !none {
		return err
	}
	fn, now, err := w.c.explain(ctx, w.load, nil, name)
	switch {
	case err != nil && e.Namespace != "": // the code here is not of it
		w.answer.Function, w.call.Namespace = e.Func, e.Namespace
	case err != nil && fn.Name == "":
		return err
	default: // a function with override has a version, and no explanation
		w.answer.Function, w.call.Namespace, w.call.Version = fn.Name, fn.Namespace, fn.Version
		w.call.Modules, w.call.Build = w.load.modulesHere(ctx, fn.Modules), w.load.buildHere(ctx)
	}
	w.answer.Inputs, w.answer.Version = w.call.Inputs, w.call.Version
	near, results, err := w.i.Nearest(ctx, w.call, nearest)
	if err != nil {
		return err
	}
	w.answer.Results, w.answer.Near = results, []nearMiss{}
	known := map[string]nearMiss{}
	for _, n := range near {
		m := nearMiss{Near: n}
		if now != nil && n.Version != w.call.Version {
			if _, ok := known[n.Version]; !ok {
				known[n.Version] = w.changes(ctx, &n.Entry, fn.Name, now)
			}
			m.Changes, m.Unknown = known[n.Version].Changes, known[n.Version].Unknown
		}
		w.answer.Near = append(w.answer.Near, m)
	}
	return nil
}

// changes tells which definitions changed since the revision that made an entry.
func (w *whyMiss) changes(ctx context.Context, e *inspect.Entry, fn string, now *generator.Explanation) (m nearMiss) {
	rev, dirty := strings.CutSuffix(e.Revision, "+dirty")
	if rev == "" {
		m.Unknown = "the entry does not tell the revision that made it: its program was not built in a repository"
		return m
	}
	b, err := checkOut(ctx, rev)
	if err != nil {
		m.Unknown = err.Error()
		return m
	}
	defer b.remove()
	_, before, err := w.c.explain(ctx, w.load, b, fn)
	if err != nil {
		m.Unknown = fmt.Sprintf("at %s: %v", rev, err)
		return m
	}
	if dirty {
		m.Unknown = "the program was built with changes that were not committed, so there may be more"
	}
	changes := generator.Compare(before, now)
	for _, change := range changes {
		m.Changes = append(m.Changes, changedIn{change, lastCommit(ctx, b, change.Name, now)})
	}
	return m
}

// lastCommit returns the last commit since the base that touched the file of a definition, "" if it is not committed, or not known.
func lastCommit(ctx context.Context, b *base, name string, now *generator.Explanation) string {
	at := slices.IndexFunc(now.Parts, func(d generator.Definition) bool { return d.Name == name && d.File != "" })
	if at < 0 {
		return ""
	}
	file := now.Parts[at].File
	if dirty, err := git(ctx, "status", "--porcelain", "--", file); err != nil || dirty != "" {
		return ""
	}
	commit, _ := git(ctx, "log", "-1", "--format=%h %s", b.rev+"..HEAD", "--", file)
	return commit
}

// print says it for people.
func (w *whyMiss) print() {
	a, out := &w.answer, w.i.out
	fmt.Fprintf(out, "%s(%s)", a.Function, printable(a.Inputs))
	if a.Version != "" {
		fmt.Fprintf(out, "  %s", a.Version)
	}
	fmt.Fprintf(out, "\n  the store has %s of the function\n", count(a.Results, "result", "results"))
	for _, n := range a.Near {
		w.printNear(&n)
	}
}

func (w *whyMiss) printNear(n *nearMiss) {
	out := w.i.out
	fmt.Fprintf(out, "  near: %s (%s), completed %s", n.ID[:min(12, len(n.ID))], printable(n.Inputs), moment(n.Completed))
	if n.Revision != "" {
		fmt.Fprintf(out, ", made by revision %s", n.Revision)
	}
	fmt.Fprintln(out)
	if n.ForgottenBy != "" {
		fmt.Fprintf(out, "    forgotten by %s, %s\n", printable(n.ForgottenBy), moment(n.ForgottenAt))
	}
	for _, d := range n.Differences {
		fmt.Fprintf(out, "    %s\n", printable(d.String()))
	}
	if len(n.Differences) == 0 && n.ForgottenBy == "" {
		fmt.Fprintln(out, "    nothing that the entry tells of: it is used by programs with its build, while its age will do")
		fmt.Fprintf(out, "    build: %s\n", strings.Join(n.Build, ", "))
	}
	for _, change := range n.Changes {
		what := change.What
		if len(change.Details) > 0 {
			what = strings.Join(change.Details, ", ")
		}
		fmt.Fprintf(out, "    %s %s: %s", change.Kind, change.Name, what)
		if change.Commit != "" {
			fmt.Fprintf(out, ", changed in %s", change.Commit)
		}
		fmt.Fprintln(out)
	}
	if n.Unknown != "" {
		fmt.Fprintf(out, "    %s\n", n.Unknown)
	}
}
