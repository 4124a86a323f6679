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

// The log of changes is a file to which everybody appends a line for each key that was put or deleted, with the id of the store that
// did. Watchers read what was added. When it is long a new one takes its name; its first line counts the logs, so that a watcher knows
// whether it missed one.
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

// append writes that key changed. A log that was followed or removed meanwhile doesn't count: the line is written again, to the one
// that does. Readers take a line twice as well as once.
func (l *changeLog) append(s *Store, key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := []byte(s.id + " " + key + "\n")
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

// follow makes the next log if this one is long. If that fails, or another is at it, this one gets longer.
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

// readLogHead returns the number of a log, and the length of its first line: 0 and 0 if it has none.
func readLogHead(f *os.File) (n, length int64) {
	var b [64]byte
	got, _ := f.ReadAt(b[:], 0)
	line, _, ok := strings.Cut(string(b[:got]), "\n")
	if n, valid := parseLogHead(line); ok && valid {
		return n, int64(len(line)) + 1
	}
	return 0, 0
}

// parseChange returns the key that a line says another store changed; "" if it says that anything may have. The store's own changes
// are none.
func (s *Store) parseChange(line string) (key string, ok bool) {
	id, key, found := strings.Cut(line, " ")
	if !found || store.CheckKey(key) != nil {
		return "", true
	}
	return key, id != s.id
}
