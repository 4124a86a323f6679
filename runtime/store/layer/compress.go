package layer

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/cachegen/cachegen/runtime/store"
)

// DefaultCompress is the size in bytes from which [Open] compresses values by default.
const DefaultCompress = 1 << 10

// maxInflated bounds the size of a decompressed value.
const maxInflated = 1 << 30

// maxRatio is above the best ratio of DEFLATE, which is 258 bytes in 2 bits. So a small value can't
// claim much memory.
const maxRatio = 1040

// The first byte of a value says its form.
const (
	formRaw     = 0 // the value
	formDeflate = 1 // its length as a uvarint, its DEFLATE stream (RFC 1951)
)

// Compress returns a store that compresses values of at least from bytes by DEFLATE at its fastest,
// where that saves room. All users of the store behind must compress; to others the values are
// corrupt. Each may choose its own size.
func Compress(s store.Store, from int) store.Store {
	c := &compressor{from: from}
	c.writers.New = func() any {
		w, _ := flate.NewWriter(nil, flate.BestSpeed)
		return w
	}
	c.readers.New = func() any { return flate.NewReader(bytes.NewReader(nil)) }
	return &form{s, c.seal, c.open}
}

type compressor struct {
	from             int
	writers, readers sync.Pool // both take more memory than most values
}

func (c *compressor) seal(_ string, item store.Item) ([]byte, error) {
	raw := item.Value
	if len(raw) >= c.from && len(raw) <= maxInflated {
		if packed, err := c.deflate(raw); err != nil || len(packed) <= len(raw) {
			return packed, err
		}
	}
	return append([]byte{formRaw}, raw...), nil
}

func (c *compressor) deflate(raw []byte) ([]byte, error) {
	w := c.writers.Get().(*flate.Writer)
	defer c.writers.Put(w)
	b := bytes.NewBuffer(binary.AppendUvarint([]byte{formDeflate}, uint64(len(raw))))
	w.Reset(b)
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

var errForm = errors.New("not in the form that this store's values have")

func (c *compressor) open(_ string, item store.Item) ([]byte, error) {
	if len(item.Value) == 0 {
		return nil, errForm
	}
	switch kind, rest := item.Value[0], item.Value[1:]; kind {
	case formRaw:
		return rest, nil
	case formDeflate:
		return c.inflate(rest)
	}
	return nil, errForm
}

func (c *compressor) inflate(packed []byte) ([]byte, error) {
	size, n := binary.Uvarint(packed)
	if n <= 0 || size > maxInflated || size > maxRatio*uint64(len(packed)) {
		return nil, errForm
	}
	r := c.readers.Get().(io.ReadCloser)
	defer c.readers.Put(r)
	from := bytes.NewReader(packed[n:])
	if err := r.(flate.Resetter).Reset(from, nil); err != nil {
		return nil, err
	}
	raw := make([]byte, size)
	if _, err := io.ReadFull(r, raw); err != nil {
		return nil, fmt.Errorf("inflating: %w", err)
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF || from.Len() != 0 {
		return nil, errForm
	}
	return raw, nil
}
