package engine

import (
	"log/slog"
	"maps"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/settings"
)

// live is what the file of CACHEGEN_CONFIG says, which can change while the program runs.
var live struct {
	mu    sync.Mutex
	name  string // of the file that is watched
	watch *settings.Source
	file  atomic.Pointer[settings.File]
	epoch atomic.Int64 // counts its changes: short ways of before are not taken
}

// fileModes are the modes that a file can set. Refresh is not among them: it is a request at a
// moment, and a file has no moment.
var fileModes = []string{"use", "bypass", "readonly", "frozen"}

// lookEvery is how often the file is looked at.
const lookEvery = time.Second

// loadSettings reads the file of CACHEGEN_CONFIG once, and has it watched. It returns nil if there
// is none.
func loadSettings() (*settings.File, error) {
	name := os.Getenv("CACHEGEN_CONFIG")
	if name == "" {
		return live.file.Load(), nil
	}
	live.mu.Lock()
	defer live.mu.Unlock()
	if live.name == name {
		return live.file.Load(), nil
	}
	source, f, err := settings.Open(name, fileModes)
	if err != nil {
		return nil, err
	}
	first := live.name == ""
	live.name, live.watch = name, source
	apply(f)
	if first {
		go watchSettings()
	}
	return f, nil
}

// apply makes a file hold.
func apply(f *settings.File) {
	live.file.Store(f)
	live.epoch.Add(1)
	controlled.Store(true)
}

// watchSettings reads the file again and again.
func watchSettings() {
	for {
		time.Sleep(lookEvery)
		reread()
	}
}

// reread applies what is new in the file. If the file can't be right, the mistake is logged and the
// earlier settings stay.
func reread() {
	live.mu.Lock()
	defer live.mu.Unlock()
	f, err := live.watch.Next()
	switch {
	case err != nil:
		slog.Default().Error("cachegen: the settings stay as they were", "err", err)
		return
	case f == nil:
		return
	}
	was := live.file.Load()
	apply(f)
	slog.Default().Info("cachegen: settings were read", "file", live.name)
	another := f.Store != was.Store && os.Getenv("CACHEGEN_STORE") == ""
	if another || !maps.Equal(f.Stores(), was.Stores()) {
		slog.Default().Warn("cachegen: the settings name other stores, which hold from the next start of the program")
	}
}

// rule is what the file says of a function, and when that was found out.
type rule struct {
	settings.Rule
	file *settings.File
}

// rule returns what the file says of the function; an empty rule without a file.
func (f *Function) rule() *rule {
	file := live.file.Load()
	if file == nil {
		return &noRule
	}
	if r := f.ruled.Load(); r != nil && r.file == file {
		return r
	}
	r := &rule{file.Of(f.Name), file}
	f.ruled.Store(r)
	return r
}

var noRule rule

// mode returns the mode of a call whose context says none, and what code can't go beyond.
func (c *Cache) mode(f *Function) (mode, ceiling Mode) {
	mode, ceiling = c.config.Mode, c.ceiling
	text := f.rule().Mode
	if file := live.file.Load(); text == "" && file != nil && c.open {
		text = file.Mode
	}
	if m, err := ParseMode(text); err == nil && m != 0 {
		mode = m
		if (m == Bypass || m == ReadOnly) && ceiling != Bypass {
			ceiling = m
		}
	}
	return mode, ceiling
}

// aged returns the settings with the age that the file says for the function, if they say none.
func (f *Function) aged(s *Settings) *Settings {
	file := live.file.Load()
	if file == nil || s.HasMaxAge {
		return s
	}
	age := f.rule().MaxAge
	if age == nil {
		age = file.MaxAge
	}
	if age == nil {
		return s
	}
	with := *s
	with.MaxAge, with.HasMaxAge = time.Duration(*age), true
	return &with
}

// entriesOf returns how many entries the function has in memory at most.
func (c *Cache) entriesOf(f *Function) int {
	switch {
	case f.rule().MemoryEntries > 0:
		return f.rule().MemoryEntries
	case f.Options.MemoryEntries > 0:
		return f.Options.MemoryEntries
	}
	return c.config.MemoryEntries
}

// shareOf returns the share of the function's hits that is audited.
func (c *Cache) shareOf(f *Function) float64 {
	if live.file.Load() == nil {
		return c.config.Audit
	}
	if s := f.rule().Audit; s != nil {
		return float64(*s)
	}
	if file := live.file.Load(); file.Audit != nil && c.auditOpen {
		return float64(*file.Audit)
	}
	return c.config.Audit
}
