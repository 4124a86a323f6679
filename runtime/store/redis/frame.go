package redis

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// A frame is the form of an item in Redis: a header and the value. The stamp comes first, in
// decimal digits, so that a script can compare two stamps as text. Numbers in Lua are doubles,
// which can't tell nanoseconds apart.
//
//	20 digits  stamp, moved up to be positive
//	 8 bytes   when it was written, Unix nanoseconds
//	 4 bytes   CRC-32C of all the rest
const (
	stampSize  = 20
	writtenEnd = stampSize + 8
	headerSize = writtenEnd + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func encode(item store.Item, now time.Time) []byte {
	b := make([]byte, 0, headerSize+len(item.Value))
	b = append(b, digits(item.Stamp)...)
	b = binary.BigEndian.AppendUint64(b, uint64(now.UnixNano()))
	b = binary.BigEndian.AppendUint32(b, checksum(b, item.Value))
	return append(b, item.Value...)
}

// digits returns a stamp in the form of frames.
func digits(stamp int64) string { return fmt.Sprintf("%0*d", stampSize, uint64(stamp)^1<<63) }

// decode returns the item in a frame. It returns false if the frame is damaged, or no frame.
func decode(frame []byte) (store.Item, bool) {
	stamp, _, ok := decodeHeader(frame)
	if !ok {
		return store.Item{}, false
	}
	value := frame[headerSize:]
	if binary.BigEndian.Uint32(frame[writtenEnd:]) != checksum(frame[:writtenEnd], value) {
		return store.Item{}, false
	}
	return store.Item{Value: value, Stamp: stamp}, true
}

// decodeHeader returns the stamp in a frame's first bytes and when it was written, unchecked.
func decodeHeader(b []byte) (stamp int64, written time.Time, ok bool) {
	if len(b) < headerSize {
		return 0, time.Time{}, false
	}
	if stamp, ok = decodeStamp(b[:stampSize]); !ok {
		return 0, time.Time{}, false
	}
	return stamp, time.Unix(0, int64(binary.BigEndian.Uint64(b[stampSize:]))), true
}

func decodeStamp(digits []byte) (int64, bool) {
	n, err := strconv.ParseUint(string(digits), 10, 64)
	return int64(n ^ 1<<63), err == nil && len(digits) == stampSize
}

func checksum(head, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(head, castagnoli), castagnoli, value)
}
