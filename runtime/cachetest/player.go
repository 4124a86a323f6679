package cachetest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// player plays back the recordings of a test, and records results that are missing.
type player struct {
	t        testing.TB
	dir      string
	mode     string
	settings recorderSettings

	mu    sync.Mutex
	files map[key.Key]*recording
	// texts are the readable parts of results that are about to be written.
	texts map[key.Key]text
}

// text is the readable part of a result, and the recording in which it was made.
type text struct {
	result string
	within key.Key
}

// openPlayer reads the recordings in a folder, which need not exist.
func openPlayer(t testing.TB, dir, mode string, s recorderSettings) (*player, error) {
	p := &player{t: t, dir: dir, mode: mode, settings: s, files: map[key.Key]*recording{}, texts: map[key.Key]text{}}
	names, err := filepath.Glob(filepath.Join(dir, "*"+extension))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		r, err := parse(data)
		switch {
		case err == nil:
			r.file = name
			p.files[r.entry.Key] = r
		case mode == recordNever:
			return nil, fmt.Errorf("%s: %w", name, err)
		default:
			t.Logf("cachetest: %s: %v; it is not used", name, err)
		}
	}
	return p, nil
}

// get returns the recording under a key, and marks it as used.
func (p *player) get(k key.Key) (store.Item, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.files[k]
	if r == nil || p.mode == recordAll && !r.fresh {
		return store.Item{}, store.ErrNotFound
	}
	r.used = true
	value, err := r.entry.Encode()
	return store.Item{Value: value, Stamp: r.stamp}, err
}

// put records an entry that was written with a stamp.
func (p *player) put(e *entry.Entry, stamp int64) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.texts[e.Key]
	delete(p.texts, e.Key)
	r := &recording{entry: e, stamp: stamp, result: t.result, within: t.within, used: true, fresh: true}
	r.file = filepath.Join(p.dir, r.name())
	old := p.files[e.Key]
	p.files[e.Key] = r
	if old != nil && old.same(r) { // what did not change makes no noise in reviews
		r.file, r.entry, r.within = old.file, old.entry, old.within // the stamp is the new one's
		return nil
	}
	if err := r.write(); err != nil {
		return err
	}
	if old != nil && old.file != r.file {
		return os.Remove(old.file)
	}
	return nil
}

// Missing is [engine.Recorder]'s.
func (p *player) Missing(call engine.Unrecorded) error {
	if p.mode != recordNever {
		return nil
	}
	p.mu.Lock()
	why := p.why(call)
	p.mu.Unlock()
	p.t.Errorf("cachetest: a call of %s has no recording in %s: %s\n\trecord it with: %s", call.Func, p.dir, why, p.command())
	return errUnrecorded
}

var errUnrecorded = errors.New("cachetest: the call has no recording, and may not be made")

// Encoding is [engine.Recorder]'s.
func (p *player) Encoding(e *entry.Entry, within key.Key, v reflect.Value) (reflect.Value, error) {
	redacted, err := codec.Clone(v)
	if err != nil {
		return v, p.unrecordable(e, err)
	}
	if f := p.settings.redact[v.Type().Elem()]; f != nil {
		f(redacted)
	}
	if !p.settings.keepSecrets {
		redact(redacted.Elem(), false)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.texts[e.Key] = text{render(redacted.Elem()), within}
	return redacted, nil
}

// unrecordable reports a result that can't be recorded.
func (p *player) unrecordable(e *entry.Entry, err error) error {
	p.t.Errorf("cachetest: a result of %s can't be recorded: %v", e.Func, err)
	return err
}

// Decoded is [engine.Recorder]'s.
func (p *player) Decoded(k key.Key, v reflect.Value) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.files[k]; r != nil && r.result != render(v.Elem()) {
		r.edited = true
		return errEdited
	}
	return nil
}

var errEdited = errors.New("cachetest: the readable result is not the recorded one: the file was edited")

// end logs the recordings that the test did not use.
func (p *player) end() {
	if p.t.Failed() || p.t.Skipped() {
		return // it may have ended before it used them
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.ordered() {
		switch {
		case p.isUsed(r):
		case p.mode == recordAll:
			if err := os.Remove(r.file); err != nil {
				p.t.Errorf("cachetest: removing a recording that was not used: %v", err)
			}
		default:
			p.t.Logf("cachetest: the recording %s was not used; remove it", r.file)
		}
	}
}

// isUsed reports whether a recording was used. A recording of an inner call counts as used if the
// recording of the outer call was used.
func (p *player) isUsed(r *recording) bool {
	for range len(p.files) + 1 {
		if r == nil || r.used {
			return r != nil
		}
		r = p.files[r.within]
	}
	return false
}
