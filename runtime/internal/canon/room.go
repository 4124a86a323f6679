package canon

// Small is how long an encoding gets without anybody asking how much of the value is shared: values
// whose parts are shared encode to much more than they hold. Who has asked gives a buffer with more
// room.
const Small = 1 << 20

// HasRoom reports whether n bytes more are all right in b: it stays small, or has the room already.
func HasRoom(b []byte, n int) bool { return n <= Small-len(b) || n <= cap(b)-len(b) }

// Room returns b, or nil if n bytes more are too much for it.
func Room(b []byte, n int) []byte {
	if !HasRoom(b, n) {
		return nil
	}
	return b
}
