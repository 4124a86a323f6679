package key

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// The spaces of names in a store.
const (
	Entries = "e/" // results: e/<namespace>/<key>
	Failed  = "i/" // inputs of calls that failed: i/<namespace>/<key>
)

// maxReadable is how much of a namespace stays readable: with the hash a segment of a store's key,
// which has at most 128 bytes.
const maxReadable = 96

// Namespace returns the segment that stands for a namespace in the names of a store: its readable
// part, lower-case and at most 96 bytes of its end, and 12 digits of its hash. Namespaces that
// differ have different segments for all practical purposes, and where they don't nothing is mixed
// up, for an entry holds its namespace and its key is a hash of it.
func Namespace(namespace string) string {
	readable := readable(namespace)
	sum := sha256.Sum256([]byte(namespace))
	if readable != "" {
		readable += "-"
	}
	return readable + hex.EncodeToString(sum[:6])
}

// MayEnd reports whether a segment may be that of a namespace which ends in tail. It is wrong only
// in saying that it may.
func MayEnd(segment, tail string) bool {
	return strings.HasSuffix(strings.TrimSuffix(segment[:max(0, len(segment)-12)], "-"), readable(tail))
}

// readable returns the end of a text as the names of a store can have it.
func readable(text string) string {
	mapped := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, text)
	return strings.Trim(mapped[max(0, len(mapped)-maxReadable):], "-.")
}

// Name returns the name of k in the space of a store, for a namespace that [Namespace] made a
// segment.
func Name(space, namespace string, k Key) string {
	var buf [256]byte
	b := append(append(append(buf[:0], space...), namespace...), '/')
	return string(hex.AppendEncode(b, k[:]))
}
