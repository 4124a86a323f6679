package dynamodb

import (
	"encoding/binary"
	"hash/crc32"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/cachegen/cachegen/runtime/store"
)

// Attributes. Their names are short because every item has them and DynamoDB bills their bytes.
const (
	keyName     = "k"
	stampName   = "s"
	valueName   = "v"
	sizeName    = "z"
	sumName     = "h"
	writtenName = "w"
	expiresName = "x"
	chunksName  = "c" // Id of the items that have the value.
	countName   = "n" // How many they are.
	versionName = "r" // Of the record of a lease.
)

type attributes = map[string]types.AttributeValue

// entry is an item of the table: a value, or the head of a value in chunks.
type entry struct {
	stamp   int64
	value   []byte
	size    int
	sum     uint32
	written time.Time
	expires time.Time // Zero: never.
	chunks  string    // None: the value is here.
	count   int
}

// maxSize is the greatest size that max-value= can be set to.
const maxSize = 1 << 30

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func newEntry(item store.Item) entry {
	return entry{
		stamp: item.Stamp, value: item.Value, size: len(item.Value), sum: checksum(item.Stamp, item.Value),
		written: time.Now(), expires: item.Expires,
	}
}

func checksum(stamp int64, value []byte) uint32 {
	sum := crc32.Checksum(binary.BigEndian.AppendUint64(nil, uint64(stamp)), castagnoli)
	return crc32.Update(sum, castagnoli, value)
}

// attributes returns the entry as an item of the table.
func (e entry) attributes(key string) attributes {
	a := attributes{
		keyName: text(key), stampName: number(e.stamp), sizeName: number(int64(e.size)), sumName: number(int64(e.sum)),
		writtenName: number(e.written.UnixMilli()),
	}
	switch {
	case e.chunks != "":
		a[chunksName], a[countName] = text(e.chunks), number(int64(e.count))
	case e.size > 0:
		a[valueName] = &types.AttributeValueMemberB{Value: e.value}
	}
	if !e.expires.IsZero() {
		a[expiresName] = number(max(e.expires.Unix(), 1))
	}
	return a
}

// parseEntry reads an item of the table. An attribute that is missing or has another type is zero;
// the checksum shows it.
func parseEntry(a attributes) entry {
	e := entry{
		stamp: readNumber(a[stampName]), size: int(readNumber(a[sizeName])), sum: uint32(readNumber(a[sumName])),
		written: time.UnixMilli(readNumber(a[writtenName])), chunks: readText(a[chunksName]), count: int(readNumber(a[countName])),
	}
	if v, ok := a[valueName].(*types.AttributeValueMemberB); ok {
		e.value = v.Value
	}
	if x := readNumber(a[expiresName]); x != 0 {
		e.expires = time.Unix(x, 0)
	}
	return e
}

// chunksFor returns how many chunks a value of size bytes has.
func chunksFor(size int) int { return (size + chunkSize - 1) / chunkSize }

// plausible reports whether the head of a value in chunks can be ours. Others may have written
// there, and the head says how many items to read.
func (e entry) plausible() bool {
	return e.size >= 0 && e.size <= maxSize && e.count == chunksFor(e.size)
}

// whole reports whether the value matches its head.
func (e entry) whole() bool {
	return len(e.value) == e.size && checksum(e.stamp, e.value) == e.sum
}

func (e entry) item() store.Item {
	return store.Item{Value: e.value, Stamp: e.stamp, Expires: e.expires}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func readText(v types.AttributeValue) string {
	if s, ok := v.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

func readNumber(v types.AttributeValue) int64 {
	if n, ok := v.(*types.AttributeValueMemberN); ok {
		i, _ := strconv.ParseInt(n.Value, 10, 64)
		return i
	}
	return 0
}
