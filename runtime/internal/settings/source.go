package settings

import (
	"fmt"
	"os"
)

// Source is a file of settings that may change. What counts is what is in it, not when it was written or which file it is: so it makes no
// difference whether somebody writes to it, puts another one in its place, or turns a symbolic link.
type Source struct {
	name  string
	modes []string
	holds string // what was in it when it was right last
	seen  string // what was in it last, or why it could not be read
	fault error  // what is wrong with that, until it was told
}

// Open reads a file. Modes are those that it may say.
func Open(name string, modes []string) (*Source, *File, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	f, err := parse(b, modes)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Source{name: name, modes: modes, holds: string(b), seen: "is " + string(b)}, f, nil
}

// Next reads the file again. It returns what is in it now if that is something else, and nil if not. A file that is gone or can't be right is an
// error, once, and not before it was so twice in a row: it may be about to be written.
func (s *Source) Next() (*File, error) {
	b, err := os.ReadFile(s.name)
	now := "is " + string(b)
	if err != nil {
		now = "fails " + err.Error()
	}
	if now == s.seen {
		fault := s.fault
		s.fault = nil
		return nil, fault
	}
	s.seen, s.fault = now, err
	if err != nil {
		return nil, nil
	}
	f, err := parse(b, s.modes)
	if err != nil {
		s.fault = fmt.Errorf("%s: %w", s.name, err)
		return nil, nil
	}
	if string(b) == s.holds {
		return nil, nil
	}
	s.holds = string(b)
	return f, nil
}
