package facts

import (
	"fmt"
	"strings"
)

// SignatureKey is the key by which a function value is called: the numbers of its parameters and results, and its type. A "?" in the type stands for a
// type parameter.
func SignatureKey(params, results int, typ string) string {
	return fmt.Sprintf("func #%d #%d %s", params, results, typ)
}

// CutSignatureKey divides the key of a signature into what is before its type, and the type; ok says that it is one.
func CutSignatureKey(key string) (kind, typ string, ok bool) {
	i := strings.Index(key, " func(")
	if i < 0 || !strings.Contains(key[:i], "func #") {
		return "", "", false
	}
	return key[:i], key[i+1:], true
}

// HasTypeParameters reports whether there is a type parameter in the key of a type or a signature.
func HasTypeParameters(key string) bool { return strings.Contains(key, "?") }

// SignaturesFit reports whether two keys of signatures can stand for one: what is a type parameter in one may be any type in the other.
func SignaturesFit(a, b string) bool {
	if a == b {
		return true
	}
	kind, x, ok := CutSignatureKey(a)
	other, y, ok2 := CutSignatureKey(b)
	if !ok || !ok2 || kind != other {
		return false
	}
	switch {
	case HasTypeParameters(x) && HasTypeParameters(y):
		return true // any type in each: no need to look closer
	case HasTypeParameters(x):
		return matches(x, y)
	case HasTypeParameters(y):
		return matches(y, x)
	}
	return false
}

// matches reports whether a name is what a pattern says, in which each "?" stands for something.
func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "?")
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(name, first) {
		return false
	}
	name = name[len(first):]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return strings.HasSuffix(name, last)
}
