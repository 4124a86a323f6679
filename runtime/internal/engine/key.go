package engine

import (
	"log/slog"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Key is a result's key. Its digits are made when somebody asks for them, and for a hit in memory
// the hash too. The zero Key means that there is no key.
type Key struct {
	name  key.Key   // zero: it is made of held
	held  Held      // a result that took the short way
	state *State    // where that is
	_     [0]func() // two keys are compared by String
}

// encoder is what identifies a result where that is more than a string of bytes.
type encoder interface{ AppendCacheKey(b []byte) []byte }

// String returns the key in hexadecimal digits, as stores have it, "" for the zero Key.
func (k Key) String() string {
	if k.IsZero() {
		return ""
	}
	if k.held == nil {
		return k.name.String()
	}
	return k.made().String()
}

// made returns the key of a result in memory. Calls on the short way have neither a run nor
// policies in their keys.
func (k Key) made() key.Key {
	if name := k.held.About().name(); name != (key.Key{}) {
		return name
	}
	var inputs []byte
	switch keyed := k.held.Keyed().(type) {
	case *string:
		inputs = []byte(*keyed)
	case encoder:
		inputs = keyed.AppendCacheKey([]byte{})
	}
	return k.state.prefix().Key("", nil, inputs)
}

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return k.held == nil && k.name == key.Key{} }

// MarshalText returns the digits, for encoders of JSON and the like.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// LogValue returns the digits, for handlers of package slog.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }
