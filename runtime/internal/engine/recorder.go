package engine

import (
	"context"
	"reflect"
	"strings"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Recorder makes a cache play back what an earlier run of a test recorded. The recordings are in
// the cache's store. They hold on every machine, because keys have neither the build nor other
// modules in them. They hold for ever: no recording is too old. They hold after a function was
// renamed: if the version comes from the code, keys have no namespace.
//
// Results of functions that have no stored form are not recorded. Their calls execute as ever.
type Recorder interface {
	// Missing is called before a call executes that has no recording. If it returns an error, the
	// call returns that error and does not execute.
	Missing(Unrecorded) error
	// Encoding returns a pointer to what is recorded in place of the result that v points to.
	// Within is the key of the recorded call that made this call, if there is one.
	Encoding(e *entry.Entry, within key.Key, v reflect.Value) (reflect.Value, error)
	// Decoded is called with a result that was read under a key, before it is used. If it returns an
	// error, the recording counts as damaged.
	Decoded(k key.Key, v reflect.Value) error
}

// Unrecorded is a call that has no recording.
type Unrecorded struct {
	Func, Version string
	// Key and Inputs are zero where the inputs have no key.
	Key    key.Key
	Inputs entry.Inputs
	Reason Reason
}

// computed begins the versions that the generator computed from code.
const computed = "v1:"

// recorded returns what all recorded results of f have in common, of what all its results have.
func (f *Function) recorded(id *key.Identity) *key.Identity {
	id.Modules, id.Build = nil, nil
	if f.Options.Namespace == "" && strings.HasPrefix(f.Version, computed) {
		id.Namespace = ""
	}
	return id
}

// unrecorded returns the error of a call that is about to execute although results are played back.
func (v *visit) unrecorded() error {
	r := v.state.cache.config.Recorder
	if r == nil || v.fn.Options.Disabled || !v.state.stored() {
		return nil
	}
	call := Unrecorded{Func: v.fn.Name, Version: v.fn.Version, Reason: v.event.Reason}
	if v.call != nil {
		call.Key, call.Inputs = v.key(), v.call.Inputs(false)
	}
	err := r.Missing(call)
	if err != nil {
		v.event.Outcome, v.event.Err = Miss, err
	}
	return err
}

type recordingKey struct{}

// recording returns the context in which the call executes. Calls in that context belong to the
// recording.
func (v *visit) recording(ctx context.Context) context.Context {
	if v.state.cache.config.Recorder == nil {
		return ctx
	}
	return context.WithValue(ctx, recordingKey{}, v.key())
}

// within returns the key of the recorded call that made this one, if there is one.
func (v *visit) within() key.Key {
	k, _ := v.ctx.Value(recordingKey{}).(key.Key)
	return k
}
