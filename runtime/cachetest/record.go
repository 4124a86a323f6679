package cachetest

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

// Variable is the environment variable that says what [Record] does with a call that has no
// recording.
const Variable = "CACHEGEN_RECORD"

// Values of [Variable].
const (
	recordMissing = "missing" // call the function and record its result; the default
	recordNever   = "never"   // fail the test; the default where CI is set
	recordAll     = "all"     // take no recording from earlier runs: record anew what is called, and remove the rest
)

// Record returns a cache that plays back the results of cached calls from files below dir. Each
// test has a folder there, named after it. The first run of a test calls the functions and writes
// the files; later runs call nothing and give the same results. Commit the files. Reviewers find
// the function, its inputs and the result in them.
//
// A recording is used as long as the code that made it means the same, by the function's version.
// For example, a change of the prompt that a function builds needs a new recording, and a
// refactoring does not. The machine, the operating system and the versions of other modules don't
// matter, and a recording is never too old. A renamed function keeps its recordings, unless it has
// an override version or a namespace.
//
// The environment variable CACHEGEN_RECORD says what happens to a call that has no recording:
//
//	missing   the function is called and its result recorded (the default)
//	never     the test fails: it says why there is none and which command records it (the default where the variable CI is set)
//	all       as missing, but what earlier runs recorded is not used, and is removed at the end
//
// Only successes are recorded: no errors, no panics. Results without a stored form, such as those
// of functions with store=memory, are not recorded either. These functions are called in each run.
// The test's log lists recordings that the test did not use; remove their files.
//
// Strings and bytes in fields and maps with a secret name (password, token, …) are "REDACTED" in
// the files, and so in later runs. The run that records gets the real values. [Redact] replaces
// more. With [KeepSecrets] names decide nothing.
func Record(t testing.TB, dir string, options ...Option) *Cache {
	t.Helper()
	c := &Cache{t: t, faults: new(faults)}
	for _, o := range options {
		o(&c.settings)
	}
	p, err := openPlayer(t, filepath.Join(dir, folderName(t.Name())), mode(t), c.settings.recorder)
	if err != nil {
		t.Fatalf("cachetest: %v", err)
	}
	t.Cleanup(p.end) // after the cache is closed
	memory := c.inMemory()
	c.join = func() store.Store { return &recordings{memory(), p} }
	c.recorder = p
	c.open()
	return c
}

// mode returns what the environment says.
func mode(t testing.TB) string {
	t.Helper()
	switch m := os.Getenv(Variable); m {
	case recordMissing, recordNever, recordAll:
		return m
	case "":
		if ci := strings.ToLower(os.Getenv("CI")); ci != "" && ci != "false" && ci != "0" {
			return recordNever
		}
	default:
		t.Fatalf("cachetest: %s is %q; it can be %s, %s or %s", Variable, m, recordMissing, recordNever, recordAll)
	}
	return recordMissing
}

// recorderSettings are the options of Record alone.
type recorderSettings struct {
	keepSecrets bool
	redact      map[reflect.Type]func(reflect.Value)
}

// Redact calls f for a copy of each result of type V, before the result is recorded. f may change
// the copy:
//
//	cachetest.Redact(func(a *Answer) { a.RequestID = "" })
func Redact[V any](f func(*V)) Option {
	return func(s *settings) {
		if s.recorder.redact == nil {
			s.recorder.redact = map[reflect.Type]func(reflect.Value){}
		}
		s.recorder.redact[reflect.TypeFor[V]()] = func(v reflect.Value) { f(v.Interface().(*V)) }
	}
}

// KeepSecrets also records fields that only have a secret name, such as the Token of a page of
// results.
func KeepSecrets() Option { return func(s *settings) { s.recorder.keepSecrets = true } }

// folderName turns a test's name into the name of its folder. Two tests never share one, where case
// counts: a name that could be taken for another one ends with a digest.
func folderName(test string) string {
	plain := fileName(test)
	if plain == strings.ReplaceAll(test, "/", "-") && !strings.Contains(test, "-") {
		return plain
	}
	sum := sha256.Sum256([]byte(test))
	return plain + "-" + hex.EncodeToString(sum[:4])
}

// fileName turns a name into a file name that every system allows. It may turn two names into one.
func fileName(name string) string {
	mapped := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '-'
	}, name)
	return strings.Trim(mapped[:min(len(mapped), 120)], "-.")
}
