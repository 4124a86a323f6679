package dir

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
	"strings"
	"unsafe"

	"github.com/cachegen/cachegen/runtime/store"
)

// shards is the number of folders for items. With a million items each has 4,000.
const shards = 256

// longName is the length from which a key's name is a hash. File systems take 255 bytes, and
// prefixes need some of them.
const longName = 200

// Names of files that are no items, and of items with long keys, begin with signs that keys don't
// have.
const (
	internal  = "~"
	stateName = "~state"
	tempMark  = "~t"
	leaseMark = "~l"
	longMark  = "#"
	// escape keeps a name from being special on Windows. Names are the same everywhere: a folder
	// may move.
	escape = "!"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// shardOf returns the number of key's shard. The checksum neither keeps nor changes what it is of,
// so the key is not copied for it.
//
// Marks of a group are in one shard with that of the group.
func shardOf(key string) int {
	if strings.HasPrefix(key, store.MarkPrefix) {
		key = cmp.Or(store.MarkGroup(key), key)
	}
	return int(crc32.Checksum(unsafe.Slice(unsafe.StringData(key), len(key)), castagnoli) % shards)
}

const hexDigits = "0123456789abcdef"

// shardName returns the name of a shard's folder.
func shardName(n int) string { return string([]byte{hexDigits[n>>4], hexDigits[n&15]}) }

// appendPath appends the path of key's file below the folder of items.
func appendPath(b []byte, key string) []byte {
	n := shardOf(key)
	b = append(b, hexDigits[n>>4], hexDigits[n&15], '/')
	return appendName(b, key)
}

// nameOf returns the name of key's file in its shard. The key must be one that [store.CheckKey]
// takes.
func nameOf(key string) string {
	var buf [longName + 2]byte
	return string(appendName(buf[:0], key))
}

func appendName(b []byte, key string) []byte {
	if len(key) >= longName {
		sum := sha256.Sum256([]byte(key))
		return hex.AppendEncode(append(b, longMark...), sum[:])
	}
	if isDevice(key) {
		b = append(b, escape...)
	}
	start := len(b)
	b = append(b, key...)
	for i := start; i < len(b); i++ {
		if b[i] == '/' {
			b[i] = '+'
		}
	}
	if strings.HasSuffix(key, ".") {
		b = append(b, escape...)
	}
	return b
}

// keyOf returns the key of a name. It returns false if there is none, or if only the file has it.
func keyOf(name string) (string, bool) {
	if strings.HasPrefix(name, longMark) || strings.HasPrefix(name, internal) {
		return "", false
	}
	key := strings.TrimSuffix(strings.TrimPrefix(name, escape), escape)
	key = strings.ReplaceAll(key, "+", "/")
	if store.CheckKey(key) != nil || nameOf(key) != name {
		return "", false
	}
	return key, true
}

// isItem reports whether a file of that name in the shard can be an item's.
func isItem(shard int, name string) bool {
	if key, ok := keyOf(name); ok {
		return shardOf(key) == shard
	}
	return strings.HasPrefix(name, longMark) && len(name) == len(longMark)+hex.EncodedLen(sha256.Size)
}

// isMark reports whether a file of that name is a mark's.
func isMark(name string) bool {
	return strings.HasPrefix(name, strings.ReplaceAll(store.MarkPrefix, "/", "+"))
}

// isDevice reports whether Windows takes the name for a device's: con, con.txt, com1. A key is one
// exactly if its name is.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	switch base {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(base) == 4 && (strings.HasPrefix(base, "com") || strings.HasPrefix(base, "lpt")) && base[3] >= '0' && base[3] <= '9'
}
