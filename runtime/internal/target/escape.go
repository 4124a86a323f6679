package target

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

const (
	// maxValue is how many bytes a value may take in a path before it is shortened, to its first
	// bytes and its hash.
	maxValue  = 100
	maxPrefix = 32
)

// escape writes a value such that different values are different, whatever case file names ignore,
// and none has one of the signs. It is a prefix code: ! and a letter, % and two digits, %empty, or
// %h and a hash are one symbol each.
func escape(value, signs string) string {
	if value == "" {
		return "%empty"
	}
	var b, prefix strings.Builder
	for i := range len(value) {
		s := symbol(value, i, signs)
		if prefix.Len() == b.Len() && b.Len()+len(s) <= maxPrefix {
			prefix.WriteString(s)
		}
		b.WriteString(s)
		if b.Len() > maxValue {
			sum := sha256.Sum256([]byte(value))
			return prefix.String() + "%h" + hex.EncodeToString(sum[:])
		}
	}
	return b.String()
}

// symbol returns what stands for the byte at i.
func symbol(value string, i int, signs string) string {
	c := value[i]
	edge := i == 0 || i == len(value)-1
	switch {
	case i == 0 && isDevice(value):
	case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		return string(c)
	case c >= 'A' && c <= 'Z':
		return "!" + string(c-'A'+'a')
	case strings.IndexByte("-_=@", c) >= 0 || c == '.' && !edge:
		if strings.IndexByte(signs, c) < 0 {
			return string(c)
		}
	}
	return fmt.Sprintf("%%%02x", c)
}

// isDevice reports whether Windows takes a file of that name for a device, with any ending.
func isDevice(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(name), ".")
	switch name {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(name) == 4 && (name[:3] == "com" || name[:3] == "lpt") && name[3] >= '0' && name[3] <= '9'
}

// escapeSegments escapes what stands between the slashes of a name.
func escapeSegments(name string) string {
	segments := strings.Split(name, "/")
	for i, s := range segments {
		segments[i] = escape(s, "")
	}
	return strings.Join(segments, "/")
}
