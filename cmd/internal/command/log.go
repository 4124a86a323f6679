package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/runtime/inspect"
	"github.com/cachegen/cachegen/runtime/store"
)

// runLog prints the versions that a function had, and what a store has of each.
func runLog(ctx context.Context, c *command, args []string) int {
	f, load := c.cacheFlags(), new(loadFlags)
	c.flags.StringVar(&load.tags, "tags", "", "comma-separated build `tags`")
	if code, ok := c.parse(args); !ok {
		return code
	}
	if c.flags.NArg() != 1 {
		return c.fail(errors.New("log takes one function, such as Forecast or Client.Today"))
	}
	result, err := c.generate(ctx, load, around(c.flags.Arg(0)))
	if err != nil {
		return c.fail(err)
	}
	fn, err := c.find(nil, result, c.flags.Arg(0))
	if err != nil {
		return c.fail(err)
	}
	editions, err := c.editions(ctx, fn)
	if err != nil {
		return c.fail(err)
	}
	known, err := tally(ctx, f.store, fn.Namespace, editions)
	if err != nil {
		return c.fail(err)
	}
	if f.json {
		return c.printJSON(editions)
	}
	c.printLog(fn, editions, known)
	if isShallow(ctx, filepath.Dir(fn.File)) {
		fmt.Fprintln(c.stderr, "this clone is shallow: git fetch --unshallow brings older versions")
	}
	return exitOK
}

// edition is a version that a function had, from a commit on.
type edition struct {
	Version string `json:"version"`
	// Commit, Date and Subject are those of the commit that brought it; "" for one that is not committed.
	Commit  string    `json:"commit,omitempty"`
	Date    time.Time `json:"date,omitzero"`
	Subject string    `json:"subject,omitempty"`
	// Entries and Cost are what the store has of it, and what it would take to compute that again.
	Entries int64         `json:"entries"`
	Cost    time.Duration `json:"cost_ns"`
}

// editions returns the versions of a function, the newest first: that of the code here, and those of the generated file in the history
// of the current branch.
func (c *command) editions(ctx context.Context, fn generator.Function) ([]edition, error) {
	editions := []edition{{Version: fn.Version}}
	dir := filepath.Dir(fn.File)
	log, err := git(ctx, "-C", dir, "log", "--format=%H%x00%cI%x00%s", "--", "*_gen.go")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(log) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), "\x00", 3)
		if len(parts) != 3 {
			continue
		}
		version := versionAt(ctx, dir, parts[0], fn.Name)
		if version == "" {
			continue
		}
		last := &editions[len(editions)-1]
		if version != last.Version {
			editions = append(editions, edition{Version: version})
			last = &editions[len(editions)-1]
		}
		last.Commit, last.Subject = parts[0], parts[2] // an earlier one had it already
		last.Date, _ = time.Parse(time.RFC3339, parts[1])
	}
	return editions, nil
}

// versionAt returns the version that generated code in a directory gave a function at a commit, "" if it had none.
func versionAt(ctx context.Context, dir, commit, name string) string {
	files, err := git(ctx, "-C", dir, "ls-tree", "--name-only", commit, "./")
	if err != nil {
		return ""
	}
	re := regexp.MustCompile(`Name:\s+` + regexp.QuoteMeta(fmt.Sprintf("%q", name)) + `,\s+Version:\s+"([^"]*)"`)
	for file := range strings.Lines(files) {
		file = strings.TrimSuffix(file, "\n")
		if !strings.HasSuffix(file, "_gen.go") {
			continue
		}
		text, err := git(ctx, "-C", dir, "show", commit+":./"+file)
		if match := re.FindStringSubmatch(text); err == nil && match != nil {
			return match[1]
		}
	}
	return ""
}

// tally asks a store what it has of each version. It reports whether there is one.
func tally(ctx context.Context, url, namespace string, editions []edition) (known bool, err error) {
	in, err := inspect.Open(ctx, url)
	if errors.Is(err, store.ErrNoStore) && url == "" {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer in.Close()
	codes := make([]inspect.Code, len(editions))
	for i, e := range editions {
		codes[i] = inspect.Code{Namespace: namespace, Version: e.Version}
	}
	totals, err := in.Of(ctx, codes...)
	if err != nil {
		return false, err
	}
	for i, t := range totals {
		editions[i].Entries, editions[i].Cost = t.Entries, t.Cost
	}
	return true, nil
}

// longestBar is how long the bar is of the version of which a store has most.
const longestBar = 24

func (c *command) printLog(fn generator.Function, editions []edition, known bool) {
	fmt.Fprintln(c.stdout, fn.Name)
	var most time.Duration
	for _, e := range editions {
		most = max(most, e.Cost)
	}
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "VERSION\tSINCE\tCOMMIT\tENTRIES\tCOST\t")
	for _, e := range editions {
		commit, date := "not committed", "now"
		if e.Commit != "" {
			commit, date = e.Commit[:min(9, len(e.Commit))]+" "+printable(e.Subject), e.Date.Format(time.DateOnly)
		}
		entries, cost, bar := "-", "-", ""
		if known {
			entries, cost = fmt.Sprint(e.Entries), showTime(e.Cost)
			if most > 0 {
				bar = strings.Repeat("█", int(int64(e.Cost)*longestBar/int64(most)))
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Version, date, commit, entries, cost, bar)
	}
	_ = w.Flush()
}
