//lint:file-ignore U1000 Fields of the types here are there to be found by reflection.

package runtime_test

import (
	"bytes"
	"math/big"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// TestAppendValue compares what generated code would call for a type with what reflection does: one equivalence, one encoding.
func TestAppendValue(t *testing.T) {
	type city string
	type box struct {
		N    int8
		next *box
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("X", 60))
	u := url.URL{Scheme: "http", User: url.UserPassword("u", "p"), Host: "h"}
	re := regexp.MustCompile("a+")
	file := cache.File(filepath.Join(t.TempDir(), "f"))
	if err := os.WriteFile(string(file), []byte("a"), 0o644); err != nil {
		t.Fatal(err)
	}
	empty := []byte{}
	for name, test := range map[string][2][]byte{
		"bool":       {cache.AppendBool(empty, true), cache.AppendValue(empty, true)},
		"int":        {cache.AppendInt(empty, -5), cache.AppendValue(empty, int32(-5))},
		"uint":       {cache.AppendUint(empty, 5), cache.AppendValue(empty, uint16(5))},
		"float32":    {cache.AppendFloat32(empty, 1.5), cache.AppendValue(empty, float32(1.5))},
		"float64":    {cache.AppendFloat64(empty, 1.5), cache.AppendValue(empty, 1.5)},
		"complex64":  {cache.AppendComplex64(empty, 1i), cache.AppendValue(empty, complex64(1i))},
		"complex128": {cache.AppendComplex128(empty, 1i), cache.AppendValue(empty, 1i)},
		"string":     {cache.AppendString(empty, "a\xff"), cache.AppendValue(empty, city("a\xff"))},
		"bytes":      {cache.AppendBytes(empty, []byte{1}), cache.AppendValue(empty, []byte{1})},
		"array":      {cache.AppendBytes(empty, []byte{1, 2}), cache.AppendValue(empty, [2]byte{1, 2})},
		"nil":        {cache.AppendNil(empty), cache.AppendValue(empty, []string(nil))},
		"slice":      {cache.AppendString(cache.AppendArray(empty, 1), "a"), cache.AppendValue(empty, []city{"a"})},
		"map":        {cache.AppendInt(cache.AppendInt(cache.AppendMap(empty, 1), 1), 2), cache.AppendValue(empty, map[int]int{1: 2})},
		"pointer":    {cache.AppendInt(cache.AppendArray(empty, 1), 3), cache.AppendValue(empty, new(3))},
		"struct":     {cache.AppendNil(cache.AppendInt(cache.AppendArray(empty, 2), 1)), cache.AppendValue(empty, box{N: 1})},
		"time":       {cache.AppendTime(empty, at), cache.AppendValue(empty, at)},
		"location":   {cache.AppendLocation(cache.AppendArray(empty, 1), time.UTC), cache.AppendValue(empty, time.UTC)},
		"file":       {cache.AppendFile(empty, file), cache.AppendValue(empty, file)},
		"addr":       {cache.AppendAddr(empty, netip.IPv6Loopback()), cache.AppendValue(empty, netip.IPv6Loopback())},
		"addrport":   {cache.AppendAddrPort(empty, netip.AddrPort{}), cache.AppendValue(empty, netip.AddrPort{})},
		"prefix":     {cache.AppendPrefix(empty, netip.Prefix{}), cache.AppendValue(empty, netip.Prefix{})},
		"url":        {cache.AppendURL(empty, &u), cache.AppendValue(empty, u)},
		"userinfo":   {cache.AppendUserinfo(cache.AppendArray(empty, 1), u.User), cache.AppendValue(empty, u.User)},
		"big int":    {cache.AppendBigInt(empty, big.NewInt(-1)), cache.AppendValue(empty, *big.NewInt(-1))},
		"big rat":    {cache.AppendBigRat(empty, big.NewRat(1, 2)), cache.AppendValue(empty, *big.NewRat(1, 2))},
		"big float":  {cache.AppendBigFloat(empty, big.NewFloat(1)), cache.AppendValue(empty, *big.NewFloat(1))},
		"regexp":     {cache.AppendRegexp(cache.AppendArray(empty, 1), re), cache.AppendValue(empty, re)},
		"keyer":      {cache.AppendKeyer(empty, spelled{"a"}), cache.AppendValue(empty, spelled{"a"})},
		"binary":     {cache.AppendBinary(empty, packed{"a"}), cache.AppendValue(empty, packed{"a"})},
	} {
		if test[0] == nil || !bytes.Equal(test[0], test[1]) {
			t.Errorf("%s: %x, by reflection %x", name, test[0], test[1])
		}
	}
}

type spelled struct{ s string }

func (s spelled) AppendCacheKey(b []byte) []byte { return append(b, s.s...) }
func (s spelled) MarshalBinary() ([]byte, error) { panic("not asked") }

type packed struct{ s string }

func (p packed) MarshalBinary() ([]byte, error) { return []byte(p.s), nil }

// TestFile edits, moves and removes a file: its content is what counts.
func TestFile(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	write := func(path, content string) {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	key := func(path string) string { return string(cache.AppendFile([]byte{}, cache.File(path))) }
	write(a, "one")
	one := key(a)
	write(b, "one")
	if one == "" || key(b) != one {
		t.Error("files with one content have two keys")
	}
	write(a, "two")
	if key(a) == one {
		t.Error("an edited file has the key that it had")
	}
	if err := os.Remove(a); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{a, dir, ""} {
		if cache.AppendFile([]byte{}, cache.File(path)) != nil {
			t.Errorf("%q has a key", path)
		}
	}
	if cache.AppendFile(nil, cache.File(b)) != nil {
		t.Error("what has no encoding got one")
	}
}
