package codec

import (
	"bytes"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// known are the types that are written as in keys, by the rules of package canon, and read by a
// rule of their own. What was read must be written as the same bytes again: that is how a zone
// whose rules are others here, a fraction that is not in lowest terms, or an expression that this
// release compiles otherwise is found out.
var known = map[reflect.Type]plan{
	reflect.TypeFor[time.Time]():      rule(canonTime, readTime, flat),
	reflect.TypeFor[*time.Location](): locationPlan(),
	reflect.TypeFor[netip.Addr]():     rule(value(canon.Addr), readAddr, exact),
	reflect.TypeFor[netip.AddrPort](): rule(value(canon.AddrPort), readAddrPort, exact),
	reflect.TypeFor[netip.Prefix]():   rule(value(canon.Prefix), readPrefix, exact),
	reflect.TypeFor[url.URL]():        rule(canon.URL, readURL, sized(urlSize)),
	reflect.TypeFor[url.Userinfo]():   rule(canon.Userinfo, readUserinfo, flat),
	reflect.TypeFor[big.Int]():        rule(canon.BigInt, readBigInt, sized(func(x *big.Int) int { return x.BitLen() / 8 })),
	reflect.TypeFor[big.Rat]():        rule(canon.BigRat, readBigRat, sized(ratSize)),
	reflect.TypeFor[big.Float]():      rule(appendBigFloat, readBigFloat, sized(func(x *big.Float) int { return int(x.MinPrec()) / 8 })),
	reflect.TypeFor[regexp.Regexp]():  rule(canon.Regexp, readRegexp, sized(regexpSize)),
}

func canonTime(b []byte, t *time.Time) []byte { return canon.Time(b, *t) }

func value[T any](write func([]byte, T) []byte) func([]byte, *T) []byte {
	return func(b []byte, v *T) []byte { return write(b, *v) }
}

// rule is the plan of a type that write and read know; more fills in the rest.
func rule[T any](write func([]byte, *T) []byte, read func(*reader, *T) error, more func(*plan)) plan {
	p := plan{
		encode: func(b []byte, v reflect.Value, _ int) ([]byte, error) {
			return write(b, v.Addr().Interface().(*T)), nil
		},
		decode: func(r *reader, v reflect.Value, _ int) error {
			form, x := r.b, v.Addr().Interface().(*T)
			if err := read(r, x); err != nil {
				return err
			}
			form = form[:len(form)-len(r.b)]
			if !bytes.Equal(form, write([]byte{}, x)) {
				return corrupt("no %s here is written like this", v.Type())
			}
			return nil
		},
		size: nothing,
	}
	more(&p)
	return p
}

// flat says that values refer to nothing that could be changed.
func flat(p *plan) { p.flat = true }

// exact says that values come back == too.
func exact(p *plan) { p.flat, p.exact = true, true }

func sized[T any](size func(*T) int) func(*plan) {
	return func(p *plan) {
		p.size = func(v reflect.Value, _ *meter) int { return size(v.Addr().Interface().(*T)) }
	}
}

func urlSize(u *url.URL) int {
	return len(u.Scheme) + len(u.Opaque) + len(u.Host) + len(u.Path) + len(u.RawPath) + len(u.RawQuery) + len(u.Fragment) +
		len(u.RawFragment)
}

func ratSize(x *big.Rat) int { return (x.Num().BitLen() + x.Denom().BitLen()) / 8 }

// regexpSize is a guess: a program has an instruction of 40 bytes or two for a character.
func regexpSize(re *regexp.Regexp) int { return 64 * len(re.String()) }

func readAddr(r *reader, a *netip.Addr) error {
	if r.null() {
		return nil
	}
	zoned := len(r.b) > 0 && r.b[0]>>5 == majorArray
	if zoned {
		if err := r.tuple(2); err != nil {
			return err
		}
	}
	p, err := r.bytes()
	if err != nil {
		return err
	}
	addr, ok := netip.AddrFromSlice(p)
	if !ok {
		return corrupt("%d bytes for an address", len(p))
	}
	if zoned {
		zone, err := r.string()
		if err != nil {
			return err
		}
		addr = addr.WithZone(zone)
	}
	*a = addr
	return nil
}

func readAddrPort(r *reader, a *netip.AddrPort) error {
	if err := r.tuple(2); err != nil {
		return err
	}
	var addr netip.Addr
	if err := readAddr(r, &addr); err != nil {
		return err
	}
	port, err := r.uint()
	*a = netip.AddrPortFrom(addr, uint16(port))
	return err
}

func readPrefix(r *reader, p *netip.Prefix) error {
	if err := r.tuple(2); err != nil {
		return err
	}
	var addr netip.Addr
	if err := readAddr(r, &addr); err != nil {
		return err
	}
	bits, err := r.int()
	*p = netip.PrefixFrom(addr, int(bits))
	return err
}

func readURL(r *reader, u *url.URL) (err error) {
	if err := r.tuple(11); err != nil {
		return err
	}
	for _, s := range [...]*string{&u.Scheme, &u.Opaque, &u.Host, &u.Path, &u.Fragment, &u.RawQuery, &u.RawPath, &u.RawFragment} {
		if *s, err = r.string(); err != nil {
			return err
		}
	}
	if u.ForceQuery, err = r.bool(); err != nil {
		return err
	}
	if u.OmitHost, err = r.bool(); err != nil {
		return err
	}
	if r.null() {
		return nil
	}
	u.User = new(url.Userinfo)
	return readUserinfo(r, u.User)
}

func readUserinfo(r *reader, u *url.Userinfo) error {
	if err := r.tuple(2); err != nil {
		return err
	}
	name, err := r.string()
	if err != nil {
		return err
	}
	if r.null() {
		*u = *url.User(name)
		return nil
	}
	password, err := r.string()
	*u = *url.UserPassword(name, password)
	return err
}

func readBigInt(r *reader, x *big.Int) error {
	major, n, err := r.head()
	if err != nil {
		return err
	}
	if major == majorTag {
		p, err := r.bytes()
		if err != nil {
			return err
		}
		x.SetBytes(p)
		n -= 2
		major = byte(min(n, 2))
	} else {
		x.SetUint64(n)
	}
	switch major {
	case majorUint:
		return nil
	case majorNegint:
		x.Not(x)
		return nil
	}
	return corrupt("no integer")
}

func readBigRat(r *reader, x *big.Rat) error {
	if err := r.tuple(2); err != nil {
		return err
	}
	var num, den big.Int
	if err := readBigInt(r, &num); err != nil {
		return err
	}
	if err := readBigInt(r, &den); err != nil {
		return err
	}
	if den.Sign() <= 0 {
		return corrupt("denominator %v", &den)
	}
	x.SetFrac(&num, &den)
	return nil
}

// appendBigFloat writes what gob does: that has the accuracy too, which no method can set.
func appendBigFloat(b []byte, x *big.Float) []byte {
	p, err := x.GobEncode()
	return canon.Marshaled(b, p, err)
}

func readBigFloat(r *reader, x *big.Float) error {
	p, err := r.bytes()
	if err != nil {
		return err
	}
	if len(p) < 2 || p[1]>>5 > byte(big.ToPositiveInf) || p[1]>>3&3 == 3 || p[1]>>1&3 == 3 {
		return corrupt("no rounding mode, accuracy or form of a float")
	}
	if err := x.GobDecode(p); err != nil {
		return corrupt("%v", err)
	}
	return nil
}

func readRegexp(r *reader, re *regexp.Regexp) error {
	n, err := r.expect(majorArray)
	if err != nil {
		return err
	}
	expr, err := r.string()
	if err != nil {
		return err
	}
	if n == 1 {
		return compile(re, regexp.Compile, expr)
	}
	program, err := r.bytes()
	if err != nil {
		return err
	}
	// Whether CompilePOSIX made it shows in the program only.
	if err := compile(re, regexp.Compile, expr); err == nil {
		re.Longest()
		if got := canon.Regexp([]byte{}, re); bytes.HasSuffix(got, program) {
			return nil
		}
	}
	return compile(re, regexp.CompilePOSIX, expr)
}

func compile(re *regexp.Regexp, compile func(string) (*regexp.Regexp, error), expr string) error {
	compiled, err := compile(expr)
	if err != nil {
		return corrupt("%v", err)
	}
	*re = *compiled
	return nil
}
