package codec_test

import (
	"encoding/hex"
	"errors"
	"math/big"
	"net/netip"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/codec"
)

// TestHostile reads bytes that no value is written as.
func TestHostile(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
	}{
		{"bool", read[bool]("00")},
		{"overflow", read[uint8]("190100")},
		{"overflow", read[int8]("3880")},
		{"sign", read[uint]("20")},
		{"63 bits", read[int64]("1b8000000000000000")},
		{"-63 bits", read[int64]("3b8000000000000000")},
		{"reserved", read[int]("1c")},
		{"indefinite", read[[]int]("9f01ff")},
		{"indefinite text", read[string]("7f6161ff")},
		{"float", read[float64]("fa00000000")},
		{"half", read[float32]("f93c00")},
		{"huge slice", read[[]int]("9bffffffffffffffff")},
		{"huge slice of nothing", read[[]struct{}]("9a7fffffff")},
		{"huge string", read[string]("7b7fffffffffffffff")},
		{"huge bytes", read[[]byte]("5b7fffffffffffffff")},
		{"huge map", read[map[int]int]("bb7fffffffffffffff")},
		{"array", read[[2]int]("8101")},
		{"byte array", read[uuid]("4101")},
		{"fields", read[inner]("8101")},
		{"pointer", read[*int]("820102")},
		{"null", read[int]("f6")},
		{"twice", read[map[string]int]("a2616101616101")},
		{"twice", read[map[string]int]("a2616101616102")},
		{"unsorted", read[map[string]int]("a2616201616101")},
		{"zeros", read[map[float64]int]("a2fb000000000000000001fb800000000000000002")},
		{"deep", read[list](strings.Repeat("81", 2000) + "80")},
		{"time", read[time.Time]("80")},
		{"time", read[time.Time]("8100")},
		{"nanoseconds", read[time.Time]("82001a3b9aca00")},
		{"unknown zone", read[time.Time]("84000063582f5950" + strings.Repeat("00", 16))},
		{"other rules", read[time.Time]("8400006d4575726f70652f4265726c696e50" + strings.Repeat("00", 16))},
		{"escape", read[time.Time]("840000692e2e2f2e2e2f65746350" + strings.Repeat("00", 16))},
		{"other offset", read[time.Time]("8600006945" + hex.EncodeToString([]byte("tc/GMT+5")) + "632d303500f4")},
		{"address", read[netip.Addr]("43010203")},
		{"zone of IPv4", read[netip.Addr]("8244010203046161")},
		{"port", read[netip.AddrPort]("8244010203041a00010000")},
		{"bits", read[netip.Prefix]("8244010203041863")},
		{"leading zero", read[big.Int]("c24a00010000000000000000")},
		{"small bignum", read[big.Int]("c24101")},
		{"other tag", read[big.Int]("c44a01000000000000000000")},
		{"not lowest", read[big.Rat]("820204")},
		{"denominator", read[big.Rat]("820100")},
		{"float form", read[big.Float]("46010e00000035")},
		{"float mode", read[big.Float]("4601e200000035")},
		{"expression", read[regexp.Regexp]("816128")},
		{"program", read[regexp.Regexp]("82616140")},
	} {
		if !errors.Is(test.err, codec.ErrCorrupt) {
			t.Errorf("%s: %v", test.name, test.err)
		}
	}
}

func read[T any](s string) error {
	p, err := hex.DecodeString(s)
	if err != nil {
		return err
	}
	_, err = decode[T](p)
	return err
}

// TestMemory reads bytes that claim to be much, and measures what that takes.
func TestMemory(t *testing.T) {
	for _, s := range []string{
		"9a3fffffff", "9bffffffffffffffff", "ba3fffffff", "5a3fffffff", "7a3fffffff",
		strings.Repeat("9903e8", 900), strings.Repeat("9a00000800", 500),
		"9903e8" + strings.Repeat("8298409903e8", 300), "a1fa00000000" + strings.Repeat("9903e8", 100), strings.Repeat("8181", 2000),
	} {
		p, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, into := range targets {
			v := reflect.New(into)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := codec.Decode(p, v)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, codec.ErrCorrupt) && into != reflect.TypeFor[[]any]() {
				t.Errorf("%.20s into %s: %v", s, into, err)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > 64<<10+uint64(len(p))*4096 {
				t.Errorf("%d bytes, %.20s, took %d bytes of memory to read into %s", len(p), s, took, into)
			}
		}
	}
}
