package command

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress tells on a terminal what is being done once it takes over a second, on one line that it removes at the end.
type progress struct {
	w       io.Writer
	mu      sync.Mutex
	text    string
	shown   bool
	stopped chan struct{}
	done    sync.WaitGroup
}

// newProgress returns a progress that writes to w if w is a terminal.
func newProgress(w io.Writer) *progress {
	p := &progress{w: w, stopped: make(chan struct{})}
	if isTerminal(w) {
		p.done.Go(p.run)
	}
	return p
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// set says what is being done now.
func (p *progress) set(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = text
}

func (p *progress) run() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-p.stopped:
			if p.shown {
				fmt.Fprint(p.w, "\r\x1b[K")
			}
			return
		case <-tick.C:
			p.mu.Lock()
			text := p.text
			p.mu.Unlock()
			if text != "" {
				fmt.Fprintf(p.w, "\r\x1b[Kcachegen: %s", text)
				p.shown = true
			}
		}
	}
}

// stop removes the line.
func (p *progress) stop() {
	close(p.stopped)
	p.done.Wait()
}
