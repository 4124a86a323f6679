package version

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"slices"
)

// localHash hashes a declaration with the names that it mentions. Rename replaces names; nil keeps them.
func localHash(n *Node, rename map[ID]ID) [sha256.Size]byte {
	h := hasher{sha256.New()}
	h.count(Schema)
	h.bytes(n.Skeleton[:])
	h.count(len(n.Names))
	for _, id := range n.Names {
		if to, ok := rename[id]; ok {
			id = to
		}
		h.id(id)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// hashAs is the local hash of n in the version of a function, whose own name is no part of it.
func (n *Node) hashAs(self map[ID]ID) [sha256.Size]byte {
	if n.hashed && !slices.ContainsFunc(n.Names, func(name ID) bool { return self[name] != (ID{}) }) {
		return n.hash
	}
	return localHash(n, self)
}

// hasher writes delimited values into a hash.
type hasher struct{ hash.Hash }

func (h hasher) count(n int) {
	var b [binary.MaxVarintLen64]byte
	h.Write(binary.AppendUvarint(b[:0], uint64(n)))
}

func (h hasher) bytes(b []byte) {
	h.count(len(b))
	h.Write(b)
}

func (h hasher) text(s string) { h.bytes([]byte(s)) }

func (h hasher) id(id ID) {
	h.text(id.Package)
	h.text(id.Name)
}

// version is the hash as it is written: 32 digits are enough for what nobody attacks, and short enough to read.
func (h hasher) version() string {
	return "v1:" + hex.EncodeToString(h.Sum(nil)[:16])
}
