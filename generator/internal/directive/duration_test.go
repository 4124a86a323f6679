package directive

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0":                     0,
		"0s":                    0,
		"600":                   10 * time.Minute,
		"1.5":                   1500 * time.Millisecond,
		".5s":                   500 * time.Millisecond,
		"1.s":                   time.Second,
		"1d":                    24 * time.Hour,
		"1.5d12h":               48 * time.Hour,
		"1d1h1m1s1ms1us1ns":     25*time.Hour + time.Minute + time.Second + time.Millisecond + time.Microsecond + time.Nanosecond,
		"2µs3μs":                5 * time.Microsecond,
		"0.0000000011s":         1,
		"9223372036854775807ns": math.MaxInt64,
		"106751d":               106751 * 24 * time.Hour,
		"010":                   10 * time.Second,
	} {
		if got, err := parseDuration(text); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "d", ".", ".d", "1x", "1m30", "-1s", "--1s", "1 d", "1e3", "0x10", "9223372036854775808ns", "106752d", "1000000000000000000000",
		"0.1ns", "0.0000000001", "1d 1h", "1/2", "NaN", "1..2s", "１s",
	} {
		if got, err := parseDuration(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// TestParseDurationAsGo reads what Go prints as Go does.
func TestParseDurationAsGo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Min(0).Draw(t, "d"))
		if got, err := parseDuration(d.String()); err != nil || got != d {
			t.Fatalf("%s: %v, %v", d, got, err)
		}
	})
}
