package store

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// MaxKey is the greatest length of a key or path in bytes.
const MaxKey = 480

// MarkPrefix begins the keys of marks. A mark is a small item that makes many items unusable which
// were put before it. A store that makes room drops marks last: otherwise a result that was
// forgotten would be back. A store whose marks may take all its room is a [Grouper].
const MarkPrefix = "m/"

// MarkGroup returns the key of the group that the mark under key belongs to: "m/t3f" for
// "m/t3f/9ab…". It is "" for what belongs to none, which is a group itself, or no mark.
func MarkGroup(key string) string {
	if group := path.Dir(key); strings.HasPrefix(group, MarkPrefix) {
		return group
	}
	return ""
}

// CheckKey returns an error unless key is one that a store must take: at most [MaxKey] bytes of
// lower-case letters, digits, and the signs - _ . in segments joined by single slashes, none of
// them "." or "..", none longer than 128 bytes.
func CheckKey(key string) error {
	if len(key) == 0 || len(key) > MaxKey {
		return fmt.Errorf("store: key of %d bytes", len(key))
	}
	for segment := range strings.SplitSeq(key, "/") {
		if segment == "" || segment == "." || segment == ".." || len(segment) > 128 {
			return fmt.Errorf("store: key %q has the segment %q", key, segment)
		}
		for i := range len(segment) {
			c := segment[i]
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
				return fmt.Errorf("store: key %q has the byte %q", key, c)
			}
		}
	}
	return nil
}

// CheckPath returns an error unless p is a clean relative slash-separated path of at most [MaxKey]
// bytes that stays below its root, without control characters, backslashes, colons or a segment
// that ends in a dot or a space.
func CheckPath(p string) error {
	if p == "" || len(p) > MaxKey || p == "." || path.IsAbs(p) || path.Clean(p) != p || p == ".." || strings.HasPrefix(p, "../") {
		return fmt.Errorf("store: path %q is not clean and relative", p)
	}
	for segment := range strings.SplitSeq(p, "/") {
		if strings.HasSuffix(segment, ".") || strings.HasSuffix(segment, " ") {
			return fmt.Errorf("store: path %q has a segment that ends in %q", p, segment[len(segment)-1])
		}
	}
	if strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' || r == ':' }) {
		return errors.New("store: path has a control character, a backslash or a colon")
	}
	return nil
}
