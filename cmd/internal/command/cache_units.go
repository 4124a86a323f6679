package command

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/cachegen/cachegen/internal/units"
)

const day = 24 * time.Hour

// age is a flag's duration, as Go writes them or in days.
type age time.Duration

func (a *age) String() string { return "" }

func (a *age) Set(text string) error {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || n <= 0 || n > math.MaxInt64/float64(day)-1 {
			return fmt.Errorf("%q is no time like 36h or 7d", text)
		}
		*a = age(n * float64(day))
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return fmt.Errorf("%q is no time like 36h or 7d", text)
	}
	*a = age(d)
	return nil
}

// size is a flag's number of bytes.
type size int64

func (s *size) String() string { return "" }

func (s *size) Set(text string) error {
	if *s = 0; text == "0" {
		return nil
	}
	n, err := units.Bytes(text)
	*s = size(n)
	return err
}

// showSize returns bytes in the unit that leaves three digits or less before the point.
func showSize(bytes int64) string {
	if bytes < 1<<10 {
		return strconv.FormatInt(bytes, 10) + " B"
	}
	n, unit := float64(bytes), ""
	for _, unit = range []string{"KiB", "MiB", "GiB", "TiB"} {
		if n /= 1 << 10; n < 1<<10 {
			break
		}
	}
	return strconv.FormatFloat(n, 'f', 1, 64) + " " + unit
}

// showTime returns a duration in two or three digits.
func showTime(d time.Duration) string {
	switch {
	case d >= 100*day:
		return strconv.FormatInt(int64(d/day), 10) + "d"
	case d >= day:
		return fmt.Sprintf("%dd%dh", d/day, d%day/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%dh%dm", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%ds", d/time.Minute, d%time.Minute/time.Second)
	}
	unit := time.Nanosecond
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}

// showAge returns how long ago something was, "-" for never.
func showAge(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return showTime(max(0, time.Since(at)).Truncate(time.Second))
}

// printable returns text that does nothing to a terminal: a store may hold anything.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}
