package command

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestProgress has something take four seconds: from the first on a line tells of it, which is gone in the end.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var terminal strings.Builder
		p := &progress{w: &terminal, stopped: make(chan struct{})}
		p.done.Go(p.run)
		p.set("looked at 1 entries")
		time.Sleep(900 * time.Millisecond)
		p.set("looked at 7 entries")
		time.Sleep(time.Second)
		p.set("looked at 9 entries")
		time.Sleep(time.Second)
		p.stop()
		const line = "\r\x1b[K"
		if got, want := terminal.String(), line+"cachegen: looked at 7 entries"+line+"cachegen: looked at 9 entries"+line; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		var file strings.Builder
		p := newProgress(&file)
		p.set("looked at 1 entries")
		time.Sleep(3 * time.Second)
		if p.stop(); file.Len() > 0 {
			t.Errorf("%q is written to what is no terminal", file.String())
		}
	})
}
