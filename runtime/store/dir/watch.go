package dir

import (
	"bytes"
	"context"
	"io"
	"os"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// lookEvery is how often a watcher looks at the log: one call of the system.
const lookEvery = 200 * time.Millisecond

// logWatcher follows the log of changes.
type logWatcher struct {
	store   *Store
	changed func(key string)
	// file is the log that is read, nil while there is none; number its number.
	file   *os.File
	number int64
	// base has the log.
	base *os.Root
	// offset is how far it was read; rest the beginning of a line.
	offset int64
	rest   []byte
}

// start finds the end of the log and reports that anything may have changed before.
func (w *logWatcher) start() {
	if w.open() {
		if info, err := w.file.Stat(); err == nil {
			w.offset = info.Size()
		}
	}
	w.changed("")
}

func (w *logWatcher) run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.look()
		case <-w.store.closed.Done():
			return store.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// look reads what was added, and turns to the next log if there is one.
func (w *logWatcher) look() {
	if w.file == nil {
		if w.open() {
			w.changed("") // It may have begun before it was found.
			w.read()
		}
		return
	}
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
