package cacheimpl

import (
	"math/big"
	"net/netip"
	"net/url"
	"regexp"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// These functions are for types of the standard library whose fields are hidden, or whose
// marshalers lose something. Pointers must not be nil; append a nil pointer with AppendNil.

// AppendLocation appends a location's name and rules.
func AppendLocation(b []byte, v *time.Location) []byte { return canon.Location(b, v) }

// AppendAddr appends an IP address. An IPv4 address and its IPv6-mapped form differ, as do zones.
func AppendAddr(b []byte, v netip.Addr) []byte { return canon.Addr(b, v) }

// AppendAddrPort appends an address and a port.
func AppendAddrPort(b []byte, v netip.AddrPort) []byte { return canon.AddrPort(b, v) }

// AppendPrefix appends an address and a number of bits.
func AppendPrefix(b []byte, v netip.Prefix) []byte { return canon.Prefix(b, v) }

// AppendURL appends all parts of a URL, the user's included, as they are and not as they print.
func AppendURL(b []byte, v *url.URL) []byte { return canon.URL(b, v) }

// AppendUserinfo appends a user's name and password.
func AppendUserinfo(b []byte, v *url.Userinfo) []byte { return canon.Userinfo(b, v) }

// AppendBigInt appends an integer by its value.
func AppendBigInt(b []byte, v *big.Int) []byte { return canon.BigInt(b, v) }

// AppendBigRat appends a quotient by its value.
func AppendBigRat(b []byte, v *big.Rat) []byte { return canon.BigRat(b, v) }

// AppendBigFloat appends a float's value, precision, rounding mode and accuracy.
func AppendBigFloat(b []byte, v *big.Float) []byte { return canon.BigFloat(b, v) }

// AppendRegexp appends a regular expression's source and how it matches.
func AppendRegexp(b []byte, v *regexp.Regexp) []byte { return canon.Regexp(b, v) }

// RegisterProto sets the functions that marshal and unmarshal protobuf messages where reflection
// meets them: in results, and in values of type parameters. This module does not depend on
// protobuf. A program whose cached results hold messages calls it before the first call of a cached
// function, from main or an init function:
//
//	cache.RegisterProto(
//		func(m any) ([]byte, error) { return proto.MarshalOptions{Deterministic: true, AllowPartial: true}.Marshal(m.(proto.Message)) },
//		func(p []byte, m any) error { return proto.UnmarshalOptions{AllowPartial: true}.Unmarshal(p, m.(proto.Message)) },
//	)
//
// Without it, a message has no key and no stored form.
func RegisterProto(marshal func(m any) ([]byte, error), unmarshal func(p []byte, m any) error) {
	canon.RegisterMessages(canon.Messages{Marshal: marshal, Unmarshal: unmarshal})
}
