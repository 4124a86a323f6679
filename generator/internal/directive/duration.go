package directive

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// units are those of time.ParseDuration, and days.
var units = map[string]time.Duration{
	"ns": time.Nanosecond,
	"us": time.Microsecond,
	"µs": time.Microsecond, // U+00B5
	"μs": time.Microsecond, // U+03BC
	"ms": time.Millisecond,
	"s":  time.Second,
	"m":  time.Minute,
	"h":  time.Hour,
	"d":  24 * time.Hour,
}

// parseDuration reads a duration as Go writes it, with d for days of 24 hours, or a bare number of
// seconds. Fractions are exact and cut off at the nanosecond.
func parseDuration(s string) (time.Duration, error) {
	rest, negative := strings.CutPrefix(s, "-")
	if negative {
		return 0, errors.New("it is negative")
	}
	total := new(big.Rat)
	for bare := true; rest != "" || bare; bare = false {
		number, tail := cutNumber(rest)
		if !strings.ContainsAny(number, "0123456789") {
			return 0, errors.New("write it as 90s, 1h30m, 1.5d, or 600 for seconds")
		}
		name, tail := cutUnit(tail)
		unit, ok := units[name]
		switch {
		case ok:
		case bare && name == "" && tail == "":
			unit = time.Second
		case name == "":
			return 0, fmt.Errorf("%s lacks a unit: ns, us, ms, s, m, h or d", number)
		default:
			return 0, fmt.Errorf("there is no unit %s: ns, us, ms, s, m, h or d", name)
		}
		total.Add(total, amount(number, unit))
		rest = tail
	}
	whole := new(big.Int).Quo(total.Num(), total.Denom())
	switch {
	case !whole.IsInt64():
		return 0, errors.New("it is over 292 years")
	case whole.Sign() == 0 && total.Sign() != 0:
		return 0, errors.New("it is less than a nanosecond")
	}
	return time.Duration(whole.Int64()), nil
}

// amount is number units in nanoseconds; number is digits with at most one point.
func amount(number string, unit time.Duration) *big.Rat {
	whole, fraction, _ := strings.Cut(number, ".")
	digits, _ := new(big.Int).SetString(whole+fraction, 10)
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(fraction))), nil)
	return new(big.Rat).SetFrac(digits.Mul(digits, big.NewInt(int64(unit))), scale)
}

// cutNumber cuts digits with at most one point off the front of s.
func cutNumber(s string) (number, rest string) {
	point := false
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
		case c == '.' && !point:
			point = true
		default:
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// cutUnit cuts what stands before the next number off the front of s.
func cutUnit(s string) (unit, rest string) {
	if i := strings.IndexAny(s, ".0123456789"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}
