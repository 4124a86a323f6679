// Package key makes the 32 bytes that identify a result, and the names under which stores keep it.
//
// A key is SHA-256 over deterministic CBOR, in two steps, so that what stays the same for a
// function is hashed once:
//
//	identity = SHA-256([format, project, domain, namespace, version, modules, salt, build, shape])
//	key      = SHA-256([identity, run, policies, inputs])
//
// Every part is delimited; no two lists of parts have the same bytes. The format is a part so that
// a later one can't meet this one's keys. That a key stays what it is, for ever, is what a golden
// test is for.
package key

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// format is the number of the scheme above. It changes with any change of what is hashed.
const format = 1

// Identity is what a function's results have in common.
type Identity struct {
	// Project and Domain keep users of one store apart.
	Project, Domain string
	// Namespace is the function's, Version the code's.
	Namespace, Version string
	// Modules are the modules outside that the code reaches, each with its actual version and sum,
	// in a fixed order.
	Modules []string
	// Salt is the function's salt.
	Salt string
	// Build is the configuration of the build, as far as it can make a difference.
	Build []string
	// Shape tells the types of inputs and results from all others.
	Shape string
}

// Prefix is the part of a key that an identity determines. It is comparable.
type Prefix [sha256.Size]byte

// Key identifies a result. It is comparable.
type Key [sha256.Size]byte

// Prefix returns the identity's part of keys.
func (id *Identity) Prefix() Prefix {
	b := canon.Uint(canon.Array(make([]byte, 0, 512), 9), format)
	for _, s := range [...]string{id.Project, id.Domain, id.Namespace, id.Version} {
		b = canon.String(b, s)
	}
	b = canon.String(appendStrings(b, id.Modules), id.Salt)
	b = canon.String(appendStrings(b, id.Build), id.Shape)
	return sha256.Sum256(b)
}

// Key returns the key of a result. Run names the run that it belongs to, "" none. Policies are the
// answers of the function's policies, in their order. Inputs are the canonical encodings of the
// inputs, and then of what vary says; they are not kept. It allocates nothing for inputs of up to
// 400 bytes.
func (p Prefix) Key(run string, policies []string, inputs []byte) Key {
	var buf [512]byte
	b := canon.Bytes(canon.Array(buf[:0], 4), p[:])
	b = appendStrings(canon.String(b, run), policies)
	b = canon.Marshaled(b, inputs, nil)
	return sha256.Sum256(b)
}

func appendStrings(b []byte, list []string) []byte {
	b = canon.Array(b, len(list))
	for _, s := range list {
		b = canon.String(b, s)
	}
	return b
}

// String returns the key in 64 lower-case hexadecimal digits.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// Parse returns the key that String wrote.
func Parse(s string) (Key, error) {
	var k Key
	if n, err := hex.Decode(k[:], []byte(s[:min(len(s), 2*len(k))])); err != nil || n != len(k) || len(s) != 2*len(k) {
		return Key{}, fmt.Errorf("key: %q is not one", s)
	}
	return k, nil
}

// Ends reports whether a function's name or namespace is what somebody calls it: all of it, or its end after a slash or dot.
func Ends(name, called string) bool {
	head, ok := strings.CutSuffix(name, called)
	return ok && (head == "" || strings.HasSuffix(head, "/") || strings.HasSuffix(head, "."))
}
