package dir

import (
	"bytes"
	"context"
	"io"
	"os"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// lookEvery is the time between two looks at the log. A look is one system call.
const lookEvery = 200 * time.Millisecond

// Watch implements [store.Watcher]. It looks at the log five times a second, and reports all puts
// and deletes of others.
func (s *Store) Watch(ctx context.Context, changed func(key string)) error {
	if err := s.err(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &logWatcher{store: s, news: make(chan []string)}
	go w.run(ctx) // Apart, since a look may take for ever.
	for {
		select {
		case keys := <-w.news:
			for _, key := range keys {
				changed(key)
			}
		case <-s.closed.Done():
			return store.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// logWatcher follows the log of changes.
type logWatcher struct {
	store *Store
	// news has what each look found.
	news chan []string
	// found is what the present look has found so far.
	found []string
	// file is the log that is read, nil while there is none; number its number.
	file   *os.File
	number int64
	// base has the log.
	base *os.Root
	// offset is how far it was read; rest the beginning of a line.
	offset int64
	rest   []byte
}

// run looks until ctx or the store ends.
func (w *logWatcher) run(ctx context.Context) {
	defer w.drop()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for found := w.start(); ; found = w.look() {
		if len(found) > 0 {
			select {
			case w.news <- found:
			case <-w.store.closed.Done():
				return
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-tick.C:
		case <-w.store.closed.Done():
			return
		case <-ctx.Done():
			return
		}
	}
}

// changed notes that key changed, or that any may have.
func (w *logWatcher) changed(key string) { w.found = append(w.found, key) }

// start finds the end of the log. Anything may have changed before.
func (w *logWatcher) start() []string {
	if w.open() {
		if info, err := w.file.Stat(); err == nil {
			w.offset = info.Size()
		}
	}
	return []string{""}
}

// look reads what was added, turns to the next log if there is one, and returns the keys that
// changed.
func (w *logWatcher) look() []string {
	w.found = nil
	if w.file != nil {
		w.readOn()
	} else if w.open() {
		w.changed("") // It may have begun before it was found.
		w.read()
	}
	return w.found
}

func (w *logWatcher) readOn() {
	same := isAt(w.base, w.file, logName) && w.atHome()
	w.read() // After looking: a line that was added before the next log was made is read.
	if same {
		return
	}
	before := w.number
	w.drop()
	if !w.open() || w.number != before+1 {
		w.changed("")
	}
	if w.file != nil {
		w.read()
	}
}

// atHome reports whether the log's folder is still the store's.
func (w *logWatcher) atHome() bool {
	f, err := w.store.home.open(false)
	return err == nil && w.store.home.check(f) && f.base == w.base
}

// open opens the log at its first line, and reports whether there is one.
func (w *logWatcher) open() bool {
	f, err := w.store.home.open(false)
	if err != nil || !w.store.home.check(f) {
		return false
	}
	file, err := f.base.OpenFile(logName, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return false
	}
	w.file, w.base, w.rest = file, f.base, nil
	w.number, w.offset = readLogHead(file)
	return true
}

func (w *logWatcher) drop() {
	if w.file != nil {
		w.file.Close()
		w.file = nil
	}
}

// read reports the lines that were added to the log.
func (w *logWatcher) read() {
	info, err := w.file.Stat()
	if err != nil || info.Size() == w.offset {
		return
	}
	if info.Size() < w.offset { // Nobody does that.
		w.offset, w.rest = info.Size(), nil
		w.changed("")
		return
	}
	added, _ := io.ReadAll(io.NewSectionReader(w.file, w.offset, info.Size()-w.offset))
	w.offset += int64(len(added))
	text := append(w.rest, added...)
	for {
		line, rest, ok := bytes.Cut(text, []byte("\n"))
		if !ok {
			break
		}
		if key, ok := w.store.parseChange(string(line)); ok {
			w.changed(key)
		}
		text = rest
	}
	w.rest = bytes.Clone(text)
}
