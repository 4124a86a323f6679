package canon

import (
	"encoding/binary"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
)

// Addr appends an address: null for the zero one, its bytes, and its zone if it has one. An IPv4
// address and its IPv6-mapped form differ.
func Addr(b []byte, a netip.Addr) []byte {
	switch {
	case !a.IsValid():
		return Nil(b)
	case a.Is4():
		v4 := a.As4()
		return Bytes(b, v4[:])
	case a.Zone() != "":
		v6 := a.As16()
		return String(Bytes(Array(b, 2), v6[:]), a.Zone())
	default:
		v6 := a.As16()
		return Bytes(b, v6[:])
	}
}

// AddrPort appends an address and a port.
func AddrPort(b []byte, a netip.AddrPort) []byte {
	return Uint(Addr(Array(b, 2), a.Addr()), uint64(a.Port()))
}

// Prefix appends an address and the number of bits, −1 for an invalid prefix.
func Prefix(b []byte, p netip.Prefix) []byte {
	return Int(Addr(Array(b, 2), p.Addr()), int64(p.Bits()))
}

// URL appends all fields of a URL. Its text would not do: URLs that differ have the same one.
func URL(b []byte, u *url.URL) []byte {
	b = Array(b, 11)
	for _, s := range [...]string{u.Scheme, u.Opaque, u.Host, u.Path, u.Fragment, u.RawQuery, u.RawPath, u.RawFragment} {
		b = String(b, s)
	}
	b = Bool(Bool(b, u.ForceQuery), u.OmitHost)
	if u.User == nil {
		return Nil(b)
	}
	return Userinfo(b, u.User)
}

// Userinfo appends a user's name, and the password or null.
func Userinfo(b []byte, u *url.Userinfo) []byte {
	b = String(Array(b, 2), u.Username())
	if password, ok := u.Password(); ok {
		return String(b, password)
	}
	return Nil(b)
}

// BigInt appends an integer, as a bignum (tags 2 and 3) if it has more than 64 bits.
func BigInt(b []byte, x *big.Int) []byte {
	switch {
	case x.IsInt64():
		return Int(b, x.Int64())
	case x.IsUint64():
		return Uint(b, x.Uint64())
	case x.Sign() > 0:
		return words(head(b, majorTag, 2), x.Bits())
	default:
		// Tag 3 says −1 − n.
		n := new(big.Int).Not(x)
		if n.IsUint64() {
			return head(b, majorNegint, n.Uint64())
		}
		return words(head(b, majorTag, 3), n.Bits())
	}
}

// words appends the big-endian bytes of a natural number without leading zeros.
func words(b []byte, w []big.Word) []byte {
	if b == nil {
		return nil
	}
	bits := new(big.Int).SetBits(w)
	n := (bits.BitLen() + 7) / 8
	b = head(b, majorBytes, uint64(n))
	at := len(b)
	b = append(b, make([]byte, n)...)
	bits.FillBytes(b[at:])
	return b
}

// BigRat appends numerator and denominator.
func BigRat(b []byte, x *big.Rat) []byte {
	return BigInt(BigInt(Array(b, 2), x.Num()), x.Denom())
}

// BigFloat appends precision, rounding mode, accuracy and the exact value.
func BigFloat(b []byte, x *big.Float) []byte {
	b = Uint(Array(b, 4), uint64(x.Prec()))
	b = Int(Uint(b, uint64(x.Mode())), int64(x.Acc()))
	var buf [64]byte
	return Bytes(b, x.Append(buf[:0], 'p', 0))
}

// Regexp appends a regular expression's source and whether it prefers the longest match. With that,
// it may come from CompilePOSIX, which reads ^, $ and classes in another way: the program tells.
func Regexp(b []byte, re *regexp.Regexp) []byte {
	if b == nil {
		return nil
	}
	v := reflect.ValueOf(re).Elem()
	if !v.FieldByName("longest").Bool() {
		return String(Array(b, 1), re.String())
	}
	return program(String(Array(b, 2), re.String()), v.FieldByName("prog").Elem())
}

// program appends a syntax.Prog that is read by reflection, since regexp hides it.
func program(b []byte, prog reflect.Value) []byte {
	insts := prog.FieldByName("Inst")
	p := binary.AppendUvarint(nil, uint64(prog.FieldByName("Start").Int()))
	for i := range insts.Len() {
		inst := insts.Index(i)
		p = binary.AppendUvarint(p, inst.FieldByName("Op").Uint())
		p = binary.AppendUvarint(p, inst.FieldByName("Out").Uint())
		p = binary.AppendUvarint(p, inst.FieldByName("Arg").Uint())
		runes := inst.FieldByName("Rune")
		p = binary.AppendUvarint(p, uint64(runes.Len()))
		for j := range runes.Len() {
			p = binary.AppendVarint(p, runes.Index(j).Int())
		}
	}
	return Bytes(b, p)
}
