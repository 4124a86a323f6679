package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/cachegen/cachegen/runtime/inspect"
)

// runCacheShow prints an entry.
func runCacheShow(ctx context.Context, c *command, args []string) int {
	f := c.cacheFlags()
	if code, ok := c.parse(args); !ok {
		return code
	}
	if c.flags.NArg() != 1 {
		return c.fail(errors.New("cache show: name one entry by its key or the beginning of it"))
	}
	i, err := c.inspect(ctx, f, true)
	if err != nil {
		return c.fail(err)
	}
	return c.end(i, exitOK, i.show(ctx, c.flags.Arg(0), f.json))
}

// shown is an entry with what is only read for one.
type shown struct {
	inspect.Entry
	FullInputs string `json:"full_inputs,omitempty"`
	Result     string `json:"result,omitempty"`
}

func (i *inspection) show(ctx context.Context, key string, asJSON bool) error {
	e, err := i.Find(ctx, key)
	if err != nil {
		return err
	}
	s := shown{Entry: e}
	if e.State != inspect.Damaged {
		if s.FullInputs, err = e.FullInputs(); err != nil {
			return err
		}
		if s.Result, err = e.Payload(); err != nil {
			return err
		}
	}
	if !asJSON {
		return i.showText(&s)
	}
	return i.json(&s)
}

func (i *inspection) showText(s *shown) error {
	w := tabwriter.NewWriter(i.out, 0, 0, 2, ' ', 0)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, printable(value))
		}
	}
	line("key", s.ID)
	line("name", s.Name)
	line("state", string(s.State))
	if s.ForgottenBy != "" {
		line("forgotten", "by "+s.ForgottenBy+", "+moment(s.ForgottenAt))
	}
	line("damage", s.Damage)
	line("function", s.Func)
	if s.Namespace != s.Func {
		line("namespace", s.Namespace)
	}
	line("version", s.Version)
	line("project", s.Project)
	line("domain", s.Domain)
	line("build", strings.Join(s.Build, ", "))
	line("revision", s.Revision)
	line("run", s.Run)
	line("tags", strings.Join(s.Tags, ", "))
	line("inputs", s.Inputs)
	line("in full", s.FullInputs)
	line("began", moment(s.Began))
	line("completed", moment(s.Completed))
	line("last read", moment(s.Accessed))
	if s.Hits >= 0 {
		line("reads", fmt.Sprint(s.Hits))
	}
	line("cost", s.Cost.String())
	line("size", showSize(s.Size))
	line("error", s.Error)
	line("result", s.Result)
	return w.Flush()
}

// moment returns a time and how long ago it was, "" for none.
func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format("2006-01-02 15:04:05.000 -0700") + " (" + showAge(at) + " ago)"
}
