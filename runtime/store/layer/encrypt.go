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
// Its errors don't repeat keys.
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

// EncryptOptions are the options of [Encrypt].
type EncryptOptions struct {
	// Keys are the secret keys. The first one encrypts, and all decrypt. To rotate keys, add the
	// new key behind the others in all users of the store, then move it to the front. Remove an old
	// key when you can lose what it encrypted.
	Keys []Key
	// PlainTargets writes values at paths without encryption, for other programs to read. Without
	// it, such writes return [ErrPlain].
	PlainTargets bool
}

// ErrPlain means that an encrypting store does not keep values at paths, because they would not be
// encrypted.
var ErrPlain = errors.New("layer: a store that encrypts keeps no targets: they would be plain")

// Encrypt returns a store whose values are encrypted and authenticated with XAES-256-GCM, which is
// AES-256-GCM with nonces long enough for any number of values. An attacker with access to the
// store behind, and without a key, can learn the items' keys, stamps and sizes, remove items, and
// bring back older ones. The attacker can't make or alter a value, or move it to another key or
// stamp. A value that can't be decrypted is not found.
//
// With [Compress] in front, an attacker who can choose a part of a value learns something about the
// rest from the value's size.
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

// keyID identifies a key. It is public.
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

// place is an item's key and stamp, which are authenticated with its value.
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
