// Package canon is the canonical encoding of inputs: deterministic CBOR (RFC 8949, section 4.2.1)
// appended to a buffer.
//
// Two values of one type have the same bytes exactly if the cache takes them for equal: floats by
// their bits in the type's own width, all NaNs alike and −0 apart from 0; times by instant and
// location; nil apart from empty; pointers by what they point to; maps by their sorted pairs. Which
// type a value has is not in the bytes but in the shape that joins the key.
//
// A nil buffer stands for a value that has no encoding: every function returns nil when it is given
// nil, so callers check once, at the end. The buffer to begin with must not be nil; it may be
// empty. Nothing here keeps the buffer or the value.
package canon

// MaxDepth is how deep a value may be nested: pointers, sequences, maps and structs each count one.
const MaxDepth = 1000
