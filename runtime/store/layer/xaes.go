package layer

import (
	"crypto/aes"
	"crypto/cipher"
)

const (
	keySize   = 32
	nonceSize = 24
)

// xaes is XAES-256-GCM (https://c2sp.org/XAES-256-GCM): AES-256-GCM under a key that is derived for
// each nonce. Its nonces are long enough to be drawn at random for ever, where AES-256-GCM's own
// are not for more than 2³² values.
type xaes struct {
	block cipher.Block
	k1    [aes.BlockSize]byte
}

func newXAES(key [keySize]byte) *xaes {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // not with a key of this size
	}
	x := &xaes{block: block}
	block.Encrypt(x.k1[:], x.k1[:])
	carry := byte(0)
	for i := aes.BlockSize - 1; i >= 0; i-- {
		x.k1[i], carry = x.k1[i]<<1|carry, x.k1[i]>>7
	}
	x.k1[aes.BlockSize-1] ^= carry * 0x87
	return x
}

// aead returns AES-256-GCM under the nonce's key, which takes the rest of the nonce as its own.
func (x *xaes) aead(nonce []byte) (cipher.AEAD, []byte) {
	var key [keySize]byte
	for i := range 2 {
		m := key[i*aes.BlockSize : (i+1)*aes.BlockSize]
		copy(m, []byte{0, byte(i + 1), 'X', 0})
		copy(m[4:], nonce[:12])
		for j := range m {
			m[j] ^= x.k1[j]
		}
		x.block.Encrypt(m, m)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm, nonce[12:]
}

// seal appends the encrypted plaintext to b.
func (x *xaes) seal(b, nonce, plaintext, data []byte) []byte {
	gcm, nonce := x.aead(nonce)
	return gcm.Seal(b, nonce, plaintext, data)
}

// open returns the plaintext of what seal appended.
func (x *xaes) open(nonce, ciphertext, data []byte) ([]byte, error) {
	gcm, nonce := x.aead(nonce)
	return gcm.Open(nil, nonce, ciphertext, data)
}
