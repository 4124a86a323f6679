package dir

import (
	"fmt"
	"strconv"
	"strings"
)

// units are the suffixes of sizes, the longer ones first.
var units = []struct {
	suffix string
	bytes  int64
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

// parseBytes parses a positive size like 1000000, 500MB or 20GiB.
func parseBytes(s string) (int64, error) {
	for _, u := range units {
		digits, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n <= 0 || n > 1<<62/u.bytes {
			break
		}
		return n * u.bytes, nil
	}
	return 0, fmt.Errorf("store: dir: max-bytes=%q is no size like 1000000, 500MB or 20GiB", s)
}
