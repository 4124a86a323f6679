package canon_test

import (
	"encoding/hex"
	"math"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

func TestBasic(t *testing.T) {
	for _, test := range []struct {
		name string
		got  []byte
		want string
	}{
		{"nil", canon.Nil([]byte{}), "f6"},
		{"true", canon.Bool([]byte{}, true), "f5"},
		{"false", canon.Bool([]byte{}, false), "f4"},
		{"0", canon.Int([]byte{}, 0), "00"},
		{"23", canon.Int([]byte{}, 23), "17"},
		{"24", canon.Int([]byte{}, 24), "1818"},
		{"-1", canon.Int([]byte{}, -1), "20"},
		{"-500", canon.Int([]byte{}, -500), "3901f3"},
		{"least", canon.Int([]byte{}, math.MinInt64), "3b7fffffffffffffff"},
		{"greatest", canon.Uint([]byte{}, math.MaxUint64), "1bffffffffffffffff"},
		{"65536", canon.Uint([]byte{}, 65536), "1a00010000"},
		{"float32", canon.Float32([]byte{}, 1.5), "fa3fc00000"},
		{"float64", canon.Float64([]byte{}, 1.5), "fb3ff8000000000000"},
		{"-0", canon.Float64([]byte{}, math.Copysign(0, -1)), "fb8000000000000000"},
		{"NaN", canon.Float64([]byte{}, math.Float64frombits(0xfff0000000000123)), "fb7ff8000000000000"},
		{"NaN32", canon.Float32([]byte{}, math.Float32frombits(0xff800001)), "fa7fc00000"},
		{"complex64", canon.Complex64([]byte{}, 1i), "82fa00000000fa3f800000"},
		{"complex128", canon.Complex128([]byte{}, 1), "82fb3ff0000000000000fb0000000000000000"},
		{"text", canon.String([]byte{}, "a"), "6161"},
		{"no text", canon.String([]byte{}, "\xff"), "41ff"},
		{"nil bytes", canon.Bytes([]byte{}, nil), "f6"},
		{"no bytes", canon.Bytes([]byte{}, []byte{}), "40"},
		{"array", canon.Array([]byte{}, 2), "82"},
		{"map", canon.Map([]byte{}, 1), "a1"},
	} {
		if got := hex.EncodeToString(test.got); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
