// Package entry is the envelope in which a result lies in a store: what it is a result of, when it
// was made, at what cost.
//
// An envelope is
//
//	"cge\x02"    magic and format
//	4 bytes      CRC-32C of all that follows, big-endian
//	CBOR array   the fields of [Entry] but for the payload, in order
//	the rest     the payload
//
// The checksum is for accidents: torn writes, a disk's decay. It costs next to nothing, and finds
// every change of up to 32 bits in a row. Against those who change entries on purpose there is
// encryption, which is another layer's.
package entry

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// ErrCorrupt says that bytes are not an entry, or not any more.
var ErrCorrupt = errors.New("entry: corrupt")

// Entry is a result, or what there is to know about one. Times are Unix nanoseconds.
type Entry struct {
	_ struct{} `cbor:",toarray"`

	// Key is the result's. An entry under another key is not what was asked for.
	Key key.Key
	// Project, Domain, Namespace, Version and Func are what the key was made of, for those who look
	// into a store.
	Project, Domain, Namespace, Version, Func string
	// Build is the configuration of the build as the key has it, Revision that of the repository
	// that the program was built from.
	Build    []string
	Revision string
	// Run is the run that the result belongs to, "" for none.
	Run string
	// Began and Completed say when the execution did, by the clock of whoever made it.
	Began, Completed int64
	// Cost is the time that the execution took.
	Cost time.Duration
	// Codec names the form of the payload.
	Codec string
	// Tags are the groups that the result is in.
	Tags []string
	// Marks are the editions of the marks of what it belongs to as they were when its execution
	// began: its namespace, its tags, its run, as far as it has them.
	Marks []int64
	// Tombstone says that there is no result: what was here is forgotten.
	Tombstone bool
	// Error is the text of a failed call's error; then there is no result but the inputs.
	Error string
	// Inputs say what the result was made of.
	Inputs Inputs
	// Payload is the result's stored form.
	Payload []byte `cbor:"-"`
}

// Inputs are what an entry tells about the inputs of a call.
type Inputs struct {
	_ struct{} `cbor:",toarray"`

	// Digest tells them from others; Preview is for people.
	Digest  []byte
	Preview string
	// Full is their stored form, nil unless they are kept.
	Full []byte
}

const (
	magic    = "cge\x02"
	overhead = len(magic) + 4
)

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	encoding   = must(cbor.EncOptions{IndefLength: cbor.IndefLengthForbidden}.EncMode())
)

func must[M any](mode M, err error) M {
	if err != nil {
		panic(err)
	}
	return mode
}

// Encode returns e's envelope.
func (e *Entry) Encode() ([]byte, error) {
	head, err := encoding.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("entry: %w", err)
	}
	b := make([]byte, overhead, overhead+len(head)+len(e.Payload))
	copy(b, magic)
	b = append(append(b, head...), e.Payload...)
	binary.BigEndian.PutUint32(b[len(magic):], crc32.Checksum(b[overhead:], castagnoli))
	return b, nil
}

// Decode returns the entry in b, whose payload and inputs it shares. An error is [ErrCorrupt].
func Decode(b []byte) (*Entry, error) {
	e, err := decode(b, false)
	if err != nil {
		return nil, err
	}
	return &e, nil
}

// Brief is Decode without the texts that are for people: all but the codec and the tags.
func Brief(b []byte) (Entry, error) { return decode(b, true) }

func decode(b []byte, brief bool) (e Entry, err error) {
	if len(b) < overhead || string(b[:len(magic)]) != magic {
		return e, fmt.Errorf("%w: no envelope of this format", ErrCorrupt)
	}
	if binary.BigEndian.Uint32(b[len(magic):]) != crc32.Checksum(b[overhead:], castagnoli) {
		return e, fmt.Errorf("%w: checksum", ErrCorrupt)
	}
	payload, ok := e.parse(b[overhead:], brief)
	if !ok {
		return Entry{}, fmt.Errorf("%w: fields", ErrCorrupt)
	}
	e.Payload = payload
	return e, nil
}
