package facts

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"slices"

	"github.com/cachegen/cachegen/internal/regular"
)

// LocalHash hashes a declaration with the names that it mentions. Rename replaces names; nil keeps them.
func LocalHash(n *Node, rename map[ID]ID) [sha256.Size]byte {
	h := Hasher{sha256.New()}
	h.Count(Schema)
	h.Bytes(n.Skeleton[:])
	h.Count(len(n.Names))
	for _, id := range n.Names {
		if to, ok := rename[id]; ok {
			id = to
		}
		h.ID(id)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Seal keeps the local hash of n, which is not to be changed from now on.
func (n *Node) Seal() { n.hash, n.hashed = LocalHash(n, nil), true }

// HashAs is the local hash of n in the version of a function, whose own name is no part of it.
func (n *Node) HashAs(self map[ID]ID) [sha256.Size]byte {
	mentioned := false
	for id := range self {
		mentioned = mentioned || slices.Contains(n.Names, id)
	}
	if n.hashed && !mentioned {
		return n.hash
	}
	return LocalHash(n, self)
}

// Hasher writes delimited values into a hash.
type Hasher struct{ hash.Hash }

// Count writes a number that is not negative.
func (h Hasher) Count(n int) {
	var b [binary.MaxVarintLen64]byte
	h.Write(binary.AppendUvarint(b[:0], uint64(n)))
}

// Bytes writes bytes after their number.
func (h Hasher) Bytes(b []byte) {
	h.Count(len(b))
	h.Write(b)
}

// Text writes a text after its length.
func (h Hasher) Text(s string) { h.Bytes([]byte(s)) }

// ID writes both parts of an id.
func (h Hasher) ID(id ID) {
	h.Text(id.Package)
	h.Text(id.Name)
}

// Version is the hash as it is written: 32 digits are enough for what nobody attacks, and short enough to read.
func (h Hasher) Version() string {
	return "v1:" + hex.EncodeToString(h.Sum(nil)[:16])
}

// FileDigest is the SHA-256 of a file's content. A file that can't be read has none.
func FileDigest(name string) string {
	content, err := regular.ReadFile(name)
	if err != nil {
		return "unreadable"
	}
	h := sha256.Sum256(content)
	return hex.EncodeToString(h[:])
}
