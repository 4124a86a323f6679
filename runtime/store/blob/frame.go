package blob

import (
	"encoding/binary"
	"hash/crc32"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// A frame is the content of an item's object: a header and the value.
//
//	4 bytes  magic
//	8 bytes  stamp
//	8 bytes  when it may be dropped, Unix nanoseconds; 0: never
//	4 bytes  CRC-32C of the value
//	4 bytes  CRC-32C of the header so far
const (
	magic      = "cgi\x01"
	sealed     = len(magic) + 8 + 8 + 4
	headerSize = sealed + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func encode(item store.Item) []byte {
	b := make([]byte, 0, headerSize+len(item.Value))
	b = append(b, magic...)
	b = binary.BigEndian.AppendUint64(b, uint64(item.Stamp))
	expires := uint64(0)
	if !item.Expires.IsZero() {
		expires = uint64(item.Expires.UnixNano())
	}
	b = binary.BigEndian.AppendUint64(b, expires)
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(item.Value, castagnoli))
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	return append(b, item.Value...)
}

// decode returns the item in an object. It returns false if the object is damaged, or no item.
func decode(b []byte) (store.Item, bool) {
	item, ok := decodeHeader(b)
	if !ok {
		return store.Item{}, false
	}
	item.Value = b[headerSize:]
	return item, binary.BigEndian.Uint32(b[sealed-4:]) == crc32.Checksum(item.Value, castagnoli)
}

// decodeHeader returns the item whose header b begins with, without its value.
func decodeHeader(b []byte) (store.Item, bool) {
	if len(b) < headerSize || string(b[:len(magic)]) != magic ||
		binary.BigEndian.Uint32(b[sealed:]) != crc32.Checksum(b[:sealed], castagnoli) {
		return store.Item{}, false
	}
	b = b[len(magic):]
	item := store.Item{Stamp: int64(binary.BigEndian.Uint64(b))}
	if expires := int64(binary.BigEndian.Uint64(b[8:])); expires != 0 {
		item.Expires = time.Unix(0, expires)
	}
	return item, true
}
