package cacheimpl

import "github.com/cachegen/cachegen/runtime/internal/canon"

// TooDeep reports whether b can't take another level of a recursive value: b is nil, the level is
// over [MaxDepth] deep, or the encoding gets too long.
func TooDeep(b []byte, depth int) bool { return b == nil || depth >= MaxDepth || !canon.HasRoom(b, 0) }
