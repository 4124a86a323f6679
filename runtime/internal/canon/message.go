package canon

import (
	"errors"
	"sync/atomic"
)

// Messages is how protobuf messages are turned into bytes and back. This module does not depend on
// protobuf; generated code that meets messages hands its functions over.
type Messages struct {
	// Marshal returns the deterministic encoding of m, a pointer to a message; Unmarshal fills m
	// from it.
	Marshal   func(m any) ([]byte, error)
	Unmarshal func(p []byte, m any) error
}

// messages is set by init functions, each to the same.
var messages atomic.Pointer[Messages]

// RegisterMessages sets how messages are handled.
func RegisterMessages(m Messages) { messages.Store(&m) }

var errNoMessages = errors.New("no protobuf functions are registered")

// MarshalMessage returns the deterministic encoding of m.
func MarshalMessage(m any) ([]byte, error) {
	registered := messages.Load()
	if registered == nil {
		return nil, errNoMessages
	}
	return registered.Marshal(m)
}

// UnmarshalMessage fills m with what MarshalMessage made of one.
func UnmarshalMessage(p []byte, m any) error {
	registered := messages.Load()
	if registered == nil {
		return errNoMessages
	}
	return registered.Unmarshal(p, m)
}

// Message appends a protobuf message that m points to.
func Message(b []byte, m any) []byte {
	if b == nil {
		return nil
	}
	p, err := guard(func() ([]byte, error) { return MarshalMessage(m) })
	return Marshaled(b, p, err)
}
