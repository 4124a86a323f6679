//lint:file-ignore U1000 Fields of the types here are there to be found by reflection.

package cacheimpl_test

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
	"github.com/cachegen/cachegen/runtime/cacheimpl"
)

// TestAppendValue compares what generated code would call for a type with what reflection does: one
// equivalence, one encoding.
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
		"bool":       {cacheimpl.AppendBool(empty, true), cacheimpl.AppendValue(empty, true)},
		"int":        {cacheimpl.AppendInt(empty, -5), cacheimpl.AppendValue(empty, int32(-5))},
		"uint":       {cacheimpl.AppendUint(empty, 5), cacheimpl.AppendValue(empty, uint16(5))},
		"float32":    {cacheimpl.AppendFloat32(empty, 1.5), cacheimpl.AppendValue(empty, float32(1.5))},
		"float64":    {cacheimpl.AppendFloat64(empty, 1.5), cacheimpl.AppendValue(empty, 1.5)},
		"complex64":  {cacheimpl.AppendComplex64(empty, 1i), cacheimpl.AppendValue(empty, complex64(1i))},
		"complex128": {cacheimpl.AppendComplex128(empty, 1i), cacheimpl.AppendValue(empty, 1i)},
		"string":     {cacheimpl.AppendString(empty, "a\xff"), cacheimpl.AppendValue(empty, city("a\xff"))},
		"bytes":      {cacheimpl.AppendBytes(empty, []byte{1}), cacheimpl.AppendValue(empty, []byte{1})},
		"array":      {cacheimpl.AppendBytes(empty, []byte{1, 2}), cacheimpl.AppendValue(empty, [2]byte{1, 2})},
		"nil":        {cacheimpl.AppendNil(empty), cacheimpl.AppendValue(empty, []string(nil))},
		"slice":      {cacheimpl.AppendString(cacheimpl.AppendArray(empty, 1), "a"), cacheimpl.AppendValue(empty, []city{"a"})},
		"map":        {cacheimpl.AppendInt(cacheimpl.AppendInt(cacheimpl.AppendMap(empty, 1), 1), 2), cacheimpl.AppendValue(empty, map[int]int{1: 2})},
		"pointer":    {cacheimpl.AppendInt(cacheimpl.AppendArray(empty, 1), 3), cacheimpl.AppendValue(empty, new(3))},
		"struct":     {cacheimpl.AppendNil(cacheimpl.AppendInt(cacheimpl.AppendArray(empty, 2), 1)), cacheimpl.AppendValue(empty, box{N: 1})},
		"time":       {cacheimpl.AppendTime(empty, at), cacheimpl.AppendValue(empty, at)},
		"location":   {cacheimpl.AppendLocation(cacheimpl.AppendArray(empty, 1), time.UTC), cacheimpl.AppendValue(empty, time.UTC)},
		"file":       {cacheimpl.AppendFile(empty, file), cacheimpl.AppendValue(empty, file)},
		"addr":       {cacheimpl.AppendAddr(empty, netip.IPv6Loopback()), cacheimpl.AppendValue(empty, netip.IPv6Loopback())},
		"addrport":   {cacheimpl.AppendAddrPort(empty, netip.AddrPort{}), cacheimpl.AppendValue(empty, netip.AddrPort{})},
		"prefix":     {cacheimpl.AppendPrefix(empty, netip.Prefix{}), cacheimpl.AppendValue(empty, netip.Prefix{})},
		"url":        {cacheimpl.AppendURL(empty, &u), cacheimpl.AppendValue(empty, u)},
		"userinfo":   {cacheimpl.AppendUserinfo(cacheimpl.AppendArray(empty, 1), u.User), cacheimpl.AppendValue(empty, u.User)},
		"big int":    {cacheimpl.AppendBigInt(empty, big.NewInt(-1)), cacheimpl.AppendValue(empty, *big.NewInt(-1))},
		"big rat":    {cacheimpl.AppendBigRat(empty, big.NewRat(1, 2)), cacheimpl.AppendValue(empty, *big.NewRat(1, 2))},
		"big float":  {cacheimpl.AppendBigFloat(empty, big.NewFloat(1)), cacheimpl.AppendValue(empty, *big.NewFloat(1))},
		"regexp":     {cacheimpl.AppendRegexp(cacheimpl.AppendArray(empty, 1), re), cacheimpl.AppendValue(empty, re)},
		"keyer":      {cacheimpl.AppendKeyer(empty, spelled{"a"}), cacheimpl.AppendValue(empty, spelled{"a"})},
		"binary":     {cacheimpl.AppendBinary(empty, packed{"a"}), cacheimpl.AppendValue(empty, packed{"a"})},
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
	key := func(path string) string { return string(cacheimpl.AppendFile([]byte{}, cache.File(path))) }
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
		if cacheimpl.AppendFile([]byte{}, cache.File(path)) != nil {
			t.Errorf("%q has a key", path)
		}
	}
	if cacheimpl.AppendFile(nil, cache.File(b)) != nil {
		t.Error("what has no encoding got one")
	}
}
