package cacheimpl

// maxEncoding bounds the encoding of a recursive value: one whose parts are shared many times over encodes to more than it holds.
const maxEncoding = 1 << 30

// TooDeep reports whether b can't take another level of a recursive value: there is no encoding already, the level is over [MaxDepth]
// deep, or there are 1 GiB.
func TooDeep(b []byte, depth int) bool { return b == nil || depth >= MaxDepth || len(b) >= maxEncoding }
