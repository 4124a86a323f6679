// Package units reads numbers as people write them.
package units

import (
	"fmt"
	"strconv"
	"strings"
)

// suffixes are those of sizes, those that end in another one first.
var suffixes = []struct {
	text  string
	bytes int64
}{
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"TiB", 1 << 40},
	{"kB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"TB", 1e12},
	{"B", 1},
	{"", 1},
}

// most is the greatest size: sums of a few don't overflow.
const most = 1 << 60

// Bytes reads a positive number of bytes, like 4096, 500kB or 20GiB, of at most an EiB.
func Bytes(text string) (int64, error) {
	for _, suffix := range suffixes {
		digits, ok := strings.CutSuffix(text, suffix.text)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n <= 0 || n > most/suffix.bytes {
			break
		}
		return n * suffix.bytes, nil
	}
	return 0, fmt.Errorf("%q is no size like 4096, 500kB or 20GiB", text)
}
