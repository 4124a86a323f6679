package layer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/cachegen/cachegen/runtime/store"
)

// Key is a secret key for [Encrypt]: 32 random bytes.
type Key [keySize]byte

// ParseKeys parses keys in hexadecimal digits or base64, separated by spaces, commas or new lines.
// Its errors don't repeat them.
func ParseKeys(text string) ([]Key, error) {
	var keys []Key
	for i, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,\r\n\t", r) }) {
		raw, err := hex.DecodeString(word)
		if err != nil {
			raw, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(word, "="))
		}
		if err != nil || len(raw) != keySize {
			return nil, fmt.Errorf("layer: key %d is not 32 bytes in hexadecimal digits or base64", i+1)
		}
		keys = append(keys, Key(raw))
	}
	if len(keys) == 0 {
		return nil, errors.New("layer: no key")
	}
	return keys, nil
}

// EncryptOptions say how [Encrypt] works.
type EncryptOptions struct {
	// Keys are the keys. The first one encrypts, all decrypt. To rotate keys, add the new one
	// behind the others in all users of the store, then move it to the front, and remove an old one
	// when what it encrypted may be lost.
	Keys []Key
	// PlainTargets lets values at paths be kept, as they are: they are there for others to read.
	// Without it they are refused with [ErrPlain].
	PlainTargets bool
}

// ErrPlain says that a store that encrypts keeps no values at paths, which would be plain.
var ErrPlain = errors.New("layer: a store that encrypts keeps no targets: they would be plain")

// Encrypt returns a store whose values are encrypted and authenticated with XAES-256-GCM, which is
// AES-256-GCM with nonces long enough for any number of values. Who has access to the store behind
// but no key can learn keys, stamps and sizes, remove items and bring back older ones; but not make
// or alter a value, nor move it to another key or stamp. What can't be decrypted is not found.
//
// With [Compress] in front, sizes tell something about what values have in common with what an
// attacker could put into them.
func Encrypt(s store.Store, o EncryptOptions) (store.Store, error) {
	if len(o.Keys) == 0 {
		return nil, errors.New("layer: no key")
	}
	return encrypted(s, o), nil
}

func encrypted(s store.Store, o EncryptOptions) store.Store {
	e := &encrypter{ciphers: map[keyID]*xaes{}, first: idOf(o.Keys[0])}
	for _, key := range o.Keys {
		e.ciphers[idOf(key)] = newXAES(key)
	}
	f := form{s, e.seal, e.open}
	if o.PlainTargets {
		return &f
	}
	return &blobless{f}
}

// keyID tells keys apart. It is public.
type keyID [8]byte

func idOf(key Key) keyID {
	sum := sha256.Sum256(append([]byte("cachegen key id "), key[:]...))
	return keyID(sum[:])
}

// encrypter seals values as formXAES, the key's id, the nonce, and the encrypted value.
type encrypter struct {
	ciphers map[keyID]*xaes
	first   keyID
}

const (
	formXAES   = 2
	headerSize = 1 + len(keyID{}) + nonceSize
)

func (e *encrypter) seal(key string, item store.Item) ([]byte, error) {
	b := make([]byte, headerSize, headerSize+len(item.Value)+16)
	b[0] = formXAES
	copy(b[1:], e.first[:])
	nonce := b[headerSize-nonceSize:]
	_, _ = rand.Read(nonce) // never fails
	return e.ciphers[e.first].seal(b, nonce, item.Value, place(key, item.Stamp)), nil
}

func (e *encrypter) open(key string, item store.Item) ([]byte, error) {
	b := item.Value
	if len(b) < headerSize || b[0] != formXAES {
		return nil, errForm
	}
	c := e.ciphers[keyID(b[1:])]
	if c == nil {
		return nil, errors.New("encrypted with another key")
	}
	return c.open(b[headerSize-nonceSize:headerSize], b[headerSize:], place(key, item.Stamp))
}

// place is where an item belongs, which is authenticated with its value.
func place(key string, stamp int64) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(stamp)), key...)
}

// blobless refuses values at paths.
type blobless struct{ form }

// ReadBlob is [store.Blobber]'s.
func (*blobless) ReadBlob(context.Context, string) ([]byte, error) { return nil, ErrPlain }

// WriteBlob is [store.Blobber]'s.
func (*blobless) WriteBlob(context.Context, string, []byte, bool) (bool, error) {
	return false, ErrPlain
}

// DeleteBlob is [store.Blobber]'s.
func (*blobless) DeleteBlob(context.Context, string) error { return ErrPlain }
