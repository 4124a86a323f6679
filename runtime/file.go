package cache

import (
	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/content"
)

// File is the path of a file that is an input by its content: the key holds the content's digest and not the path, so an edited file
// is a new input, and a file that was moved or only touched is not. A function whose result depends on the path too takes that as a
// string.
//
//	//cache:auto
//	func Parse(f cache.File) (*Module, error) {
//		data, err := os.ReadFile(string(f))
//		…
//
// Digests are remembered while the file's size, times and inode stay the same and say enough. Only regular files
// have a digest; links are followed. A call with a file that can't be read is not cached.
type File string

// AppendCacheKey appends the digest of the file's content, or returns nil if it can't be read.
func (f File) AppendCacheKey(b []byte) []byte {
	digest, err := content.Digest(string(f))
	if err != nil {
		return nil
	}
	return canon.Bytes(b, digest[:])
}
