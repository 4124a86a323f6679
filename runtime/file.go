package cache

import (
	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/content"
)

// File is the path of a file that is an input by its content. The key has the digest of the
// content, and not the path. So an edited file is a new input, and a moved or touched file is not.
// If a result depends on the path too, pass the path as a string.
//
//	//cache:auto
//	func Parse(f cache.File) (*Module, error) {
//		data, err := os.ReadFile(string(f))
//		…
//
// The process keeps a digest while the file's size, times and inode stay the same. Only regular
// files have a digest. Links are followed. A call with a file that can't be read is not cached.
type File string

// AppendCacheKey appends the digest of the file's content, or returns nil if it can't be read.
func (f File) AppendCacheKey(b []byte) []byte {
	digest, err := content.Digest(string(f))
	if err != nil {
		return nil
	}
	return canon.Bytes(b, digest[:])
}
