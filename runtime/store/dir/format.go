package dir

import (
	"encoding/binary"
	"hash/crc32"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// An item's file has a header, the key, and the value:
//
//	 0  magic     8 bytes
//	 8  stamp     int64, big-endian as all numbers
//	16  expires   Unix nanoseconds, 0: none
//	24  key's length    uint32
//	28  value's length  uint64
//	36  CRC-32C of key and value
//	40  CRC-32C of the 40 bytes before
const (
	magic      = "cgitem1\n"
	headerSize = 44
)

// header is the beginning of an item's file.
type header struct {
	stamp    int64
	expires  time.Time
	keyLen   uint32
	valueLen uint64
	body     uint32
}

// appendHead appends the header of item and its key.
func appendHead(b []byte, key string, item store.Item) []byte {
	start := len(b)
	b = append(b, magic...)
	b = binary.BigEndian.AppendUint64(b, uint64(item.Stamp))
	b = binary.BigEndian.AppendUint64(b, uint64(unixNano(item.Expires)))
	b = binary.BigEndian.AppendUint32(b, uint32(len(key)))
	b = binary.BigEndian.AppendUint64(b, uint64(len(item.Value)))
	b = binary.BigEndian.AppendUint32(b, bodySum([]byte(key), item.Value))
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
	return append(b, key...)
}

func bodySum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
}

func parseHeader(b []byte) (header, error) {
	if len(b) < headerSize || string(b[:8]) != magic || binary.BigEndian.Uint32(b[40:]) != crc32.Checksum(b[:40], castagnoli) {
		return header{}, store.ErrCorrupt
	}
	return header{
		stamp:    int64(binary.BigEndian.Uint64(b[8:])),
		expires:  fromUnixNano(int64(binary.BigEndian.Uint64(b[16:]))),
		keyLen:   binary.BigEndian.Uint32(b[24:]),
		valueLen: binary.BigEndian.Uint64(b[28:]),
		body:     binary.BigEndian.Uint32(b[36:]),
	}, nil
}

// parseItem returns the item that the whole file b has under key.
func parseItem(b []byte, key string) (store.Item, error) {
	h, err := parseHeader(b)
	if err != nil {
		return store.Item{}, err
	}
	rest := b[headerSize:]
	if int(h.keyLen) != len(key) || len(rest) < len(key) || string(rest[:len(key)]) != key {
		return store.Item{}, store.ErrCorrupt
	}
	value := rest[len(key):]
	if uint64(len(value)) != h.valueLen || bodySum(rest[:len(key)], value) != h.body {
		return store.Item{}, store.ErrCorrupt
	}
	return store.Item{Value: value, Stamp: h.stamp, Expires: h.expires}, nil
}

func unixNano(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromUnixNano(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n)
}

// valueSize returns the size of the value in an item's file.
func valueSize(fileSize int64, keyLen int) int64 { return max(fileSize-headerSize-int64(keyLen), 0) }

// diskBlock is the smallest room that file systems allot.
const diskBlock = 4 << 10

// cost returns the approximate room of a file on disk.
func cost(fileSize int64) int64 { return (fileSize + diskBlock - 1) / diskBlock * diskBlock }
