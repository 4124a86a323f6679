package entry_test

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cachegen/cachegen/runtime/internal/entry"
)

// FuzzDecode gives what follows the checksum, which is made right: decoding is all that stands
// between these bytes and the program.
func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) {
		b := append([]byte("cge\x02\x00\x00\x00\x00"), body...)
		binary.BigEndian.PutUint32(b[4:], crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
		e, err := entry.Decode(b)
		if _, brief := entry.Brief(b); (brief == nil) != (err == nil) {
			t.Fatalf("Decode: %v, Brief: %v", err, brief)
		}
		if err != nil {
			if !errors.Is(err, entry.ErrCorrupt) {
				t.Fatal(err)
			}
			return
		}
		again, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		same, err := entry.Decode(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, same, ignoreBlank); diff != "" {
			t.Fatal(diff)
		}
	})
}
