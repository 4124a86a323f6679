package engine

import "fmt"

// Mode says how a cache is used.
type Mode uint8

// Modes; package runtime documents them. The zero mode is that none was chosen.
const (
	_ Mode = iota
	Use
	Refresh
	Bypass
	ReadOnly
	Frozen
)

var modeNames = [...]string{"", "use", "refresh", "bypass", "readonly", "frozen"}

// String returns the mode as CACHEGEN_MODE spells it.
func (m Mode) String() string { return name(modeNames[:], int(m)) }

// ParseMode returns the mode that CACHEGEN_MODE spells as s; "" is no choice.
func ParseMode(s string) (Mode, error) {
	for m, n := range modeNames {
		if n == s {
			return Mode(m), nil
		}
	}
	return 0, fmt.Errorf("no mode is called %q: use, refresh, bypass, readonly or frozen", s)
}

// under returns m as far as ceiling lets it go, and whether results may be written.
func (m Mode) under(ceiling Mode) (mode Mode, write bool) {
	if ceiling == Bypass {
		return Bypass, false
	}
	return m, ceiling != ReadOnly && (m == Use || m == Refresh)
}
