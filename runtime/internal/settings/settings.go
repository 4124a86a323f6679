// Package settings reads the file of CACHEGEN_CONFIG: how functions use their cache, without
// building a program anew. What it can say changes how entries are used, and never keys: ages are
// read-side, and nothing that was stored becomes wrong.
package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rule is what a file says of functions. Zero fields say nothing.
type Rule struct {
	// Mode is use, refresh, bypass, readonly or frozen.
	Mode string `json:"mode"`
	// Audit is a share of hits: 1%.
	Audit *Share `json:"audit"`
	// MaxAge stands for the functions' own.
	MaxAge *Duration `json:"max-age"`
	// MemoryEntries bounds the entries in memory of each function, from when there are none yet.
	MemoryEntries int `json:"memory-entries"`
	// Store is the name of a store, or memory, from when a cache is made.
	Store string `json:"store"`
}

// File is what is in a file.
type File struct {
	Rule
	// Store is the URL of the store, from when a cache is made.
	Store string `json:"store"`
	// Functions are rules by pattern: a function's name or its end after a slash or dot, with * for
	// any text in a part.
	Functions map[string]Rule `json:"functions"`

	patterns []string // of Functions, the longest first
}

// Duration is one as directives have it: 10m, 600 for seconds, 7d.
type Duration time.Duration

// UnmarshalJSON reads a text, or a number of seconds.
func (d *Duration) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		*d = Duration(n * 24 * float64(time.Hour))
		return wrong(err, text, "a duration")
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		*d = Duration(n * float64(time.Second))
		return nil
	}
	v, err := time.ParseDuration(text)
	*d = Duration(v)
	return wrong(err, text, "a duration")
}

// Share is a part of all: 1%, 0.01.
type Share float64

// UnmarshalJSON reads a text or a number.
func (s *Share) UnmarshalJSON(b []byte) error {
	v, err := ParseShare(strings.Trim(string(b), `"`))
	*s = Share(v)
	return err
}

// ParseShare returns a share: "1%", "0.01", or "" for none.
func ParseShare(text string) (float64, error) {
	number, percent := strings.CutSuffix(text, "%")
	if text == "" {
		return 0, nil
	}
	share, err := strconv.ParseFloat(number, 64)
	if percent {
		share /= 100
	}
	if err != nil || !(share >= 0 && share <= 1) {
		return 0, fmt.Errorf("%q is no share of calls, such as 1%% or 0.01", text)
	}
	return share, nil
}

func wrong(err error, text, what string) error {
	if err != nil {
		return fmt.Errorf("%q is not %s", text, what)
	}
	return nil
}

// keyed are options that can't be set here, because they decide keys.
var keyed = []string{"namespace", "salt", "version", "policy", "vary", "key", "ignore", "per", "portable", "target"}

// Read reads a file. Modes are those that a file may say.
func Read(name string, modes []string) (*File, error) {
	_, f, err := Open(name, modes)
	return f, err
}

func parse(b []byte, modes []string) (*File, error) {
	f := new(File)
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(f); err != nil {
		return nil, explain(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something after the settings")
	}
	for pattern, rule := range f.Functions {
		if _, err := path.Match(pattern, ""); err != nil || pattern == "" {
			return nil, fmt.Errorf("%q is no pattern", pattern)
		}
		if err := rule.check(modes); err != nil {
			return nil, fmt.Errorf("%s: %w", pattern, err)
		}
		f.patterns = append(f.patterns, pattern)
	}
	slices.SortFunc(f.patterns, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return f, f.check(modes)
}

// explain says of a field that is not known whether it would decide keys.
func explain(err error) error {
	_, name, ok := strings.Cut(err.Error(), "unknown field ")
	if !ok {
		return err
	}
	name = strings.Trim(name, `"`)
	if name == "project" || name == "domain" {
		return fmt.Errorf("%s would change keys: it is for CACHEGEN_%s, and holds from the start", name, strings.ToUpper(name))
	}
	if slices.Contains(keyed, name) {
		return fmt.Errorf("%s would change keys: it is for the function's directive", name)
	}
	return fmt.Errorf("there is no setting %q: mode, max-age, memory-entries, audit, store, functions", name)
}

func (r *Rule) check(modes []string) error {
	switch {
	case r.Mode != "" && !slices.Contains(modes, r.Mode):
		return fmt.Errorf("no mode is called %q: %s", r.Mode, strings.Join(modes, ", "))
	case r.MaxAge != nil && *r.MaxAge < 0:
		return errors.New("max-age is negative")
	case r.MemoryEntries < 0:
		return errors.New("memory-entries is negative")
	}
	return nil
}

// Of returns what the file says of a function: each setting as the longest pattern has it that
// means the function and says something of it. What only the file as a whole says is not in it.
func (f *File) Of(name string) (r Rule) {
	for _, pattern := range f.patterns {
		if !means(pattern, name) {
			continue
		}
		more := f.Functions[pattern]
		if r.Mode == "" {
			r.Mode = more.Mode
		}
		if r.Audit == nil {
			r.Audit = more.Audit
		}
		if r.MaxAge == nil {
			r.MaxAge = more.MaxAge
		}
		if r.MemoryEntries == 0 {
			r.MemoryEntries = more.MemoryEntries
		}
		if r.Store == "" {
			r.Store = more.Store
		}
	}
	return r
}

// Stores returns what the file says of stores, by pattern.
func (f *File) Stores() map[string]string {
	m := map[string]string{}
	for pattern, rule := range f.Functions {
		if rule.Store != "" {
			m[pattern] = rule.Store
		}
	}
	return m
}

// means reports whether a pattern means a function: all of its name, or what is after a slash or
// dot.
func means(pattern, name string) bool {
	for rest := name; ; {
		if ok, _ := path.Match(pattern, rest); ok {
			return true
		}
		at := strings.IndexAny(rest, "/.")
		if at < 0 {
			return false
		}
		rest = rest[at+1:]
	}
}
