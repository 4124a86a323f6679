package units

import "testing"

func TestBytes(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 1, "4096": 4096, "7B": 7, "500kB": 500_000, "3MB": 3e6, "2GB": 2e9, "1TB": 1e12,
		"1KiB": 1 << 10, "16MiB": 16 << 20, "20GiB": 20 << 30, "8TiB": 8 << 40, "1048576TiB": 1 << 60,
		"": 0, "0": 0, "0kB": 0, "-1": 0, "-1kB": 0, "1.5GiB": 0, "GiB": 0, "1 GiB": 0, "1K": 0, "1kb": 0, "1GiBB": 0, "x": 0,
		"1152921504606846977": 0, "9223372036854775808": 0, "9007199254740992KiB": 0,
	} {
		got, err := Bytes(text)
		if got != want || (err != nil) != (want == 0) {
			t.Errorf("Bytes(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}
