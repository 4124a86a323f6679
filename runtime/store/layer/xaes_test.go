package layer

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// The vectors of c2sp.org/XAES-256-GCM: one for each value of the carry.
func TestXAES(t *testing.T) {
	nonce, plain := []byte("ABCDEFGHIJKLMNOPQRSTUVWX"), []byte("XAES-256-GCM")
	for _, c := range []struct {
		key        byte
		data, want string
	}{
		{1, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"},
		{3, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"},
	} {
		x := newXAES([keySize]byte(bytes.Repeat([]byte{c.key}, keySize)))
		sealed := x.seal(nil, nonce, plain, []byte(c.data))
		if got := hex.EncodeToString(sealed); got != c.want {
			t.Errorf("key %d: got %s, want %s", c.key, got, c.want)
		}
		if got, err := x.open(nonce, sealed, []byte(c.data)); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("key %d: opened as %q, %v", c.key, got, err)
		}
	}
}
