package dir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/cachegen/cachegen/runtime/store"
)

// The log of changes is a file. Every user appends a line for each key that it puts or deletes,
// with the id of its store. Watchers read the new lines. When the log is long, a new log takes its
// name. The first line has the log's number, so that a watcher knows whether it missed a log.
const (
	logName = "changes"
	// logLimit is the length from which a log is followed by the next one.
	logLimit = 1 << 20
)

// logHead returns the first line of the nth log.
func logHead(n int64) string { return fmt.Sprintf("cachegen changes %d\n", n) }

func parseLogHead(line string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimPrefix(line, "cachegen changes "), 10, 64)
	return n, err == nil && logHead(n) == line+"\n"
}

// changeLog is a store's end of the log.
type changeLog struct {
	mu   sync.Mutex
	file *os.File
}

// append adds a line for key.
func (l *changeLog) append(s *Store, key string) error { return l.appendFor(s, s.id, key) }

// others is the id of no store: changes with it are news for all.
const others = "~"

// appendFor adds a line for key with the id of who changed it. If a new log followed meanwhile, or
// the log was removed, it writes the line again to the present log. A line that is there twice does
// no harm.
func (l *changeLog) appendFor(s *Store, id, key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := []byte(id + " " + key + "\n")
	for range 5 {
		f, err := s.home.open(true)
		if err != nil {
			return err
		}
		if l.file == nil {
			if l.file, err = openLog(f.base); errors.Is(err, fs.ErrNotExist) {
				s.home.lost(f)
				continue
			}
			if err != nil {
				return err
			}
		}
		if _, err := l.file.Write(line); err != nil {
			return err
		}
		if !isAt(f.base, l.file, logName) {
			l.drop()
			s.home.verify(f)
			continue
		}
		l.follow(f.base)
		return nil
	}
	return errVanishing
}

func (l *changeLog) drop() {
	if l.file != nil {
		l.file.Close()
		l.file = nil
	}
}

func (l *changeLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop()
}

// openLog opens the log for appending. If there is none it makes the first.
func openLog(base *os.Root) (*os.File, error) {
	for range 5 {
		f, err := openOwn(base, logName, os.O_RDWR|os.O_APPEND)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
		if err := makeLog(base, 1); err != nil {
			return nil, err
		}
	}
	return nil, fs.ErrNotExist
}

// makeLog makes the nth log, in place of any other.
func makeLog(base *os.Root, n int64) error {
	temp, err := writeTemp(base, false, []byte(logHead(n)))
	if err != nil {
		return err
	}
	if err = base.Rename(temp, logName); err != nil {
		_ = base.Remove(temp)
	}
	return err
}

// follow makes the next log if this one is long. If that fails, or another process is making it,
// this log gets longer.
func (l *changeLog) follow(base *os.Root) {
	info, err := l.file.Stat()
	if err != nil || info.Size() < logLimit {
		return
	}
	if ok, err := tryLock(l.file); !ok || err != nil {
		return
	}
	defer l.drop()
	if !isAt(base, l.file, logName) {
		return
	}
	n, _ := readLogHead(l.file)
	_ = makeLog(base, n+1)
}

// readLogHead returns the number of a log, and the length of its first line: 0 and 0 if it has
// none.
func readLogHead(f *os.File) (n, length int64) {
	var b [64]byte
	got, _ := f.ReadAt(b[:], 0)
	line, _, ok := strings.Cut(string(b[:got]), "\n")
	if n, valid := parseLogHead(line); ok && valid {
		return n, int64(len(line)) + 1
	}
	return 0, 0
}

// parseChange returns the key in a line, if another store changed it; "" means that anything may
// have changed. It skips the store's own changes.
func (s *Store) parseChange(line string) (key string, ok bool) {
	id, key, found := strings.Cut(line, " ")
	if !found || store.CheckKey(key) != nil {
		return "", true
	}
	return key, id != s.id
}
