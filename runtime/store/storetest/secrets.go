package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

// places are URLs with a secret in every place, as people write them and as they mistype them:
// %[1]s is the scheme, %[2]s the secret.
var places = []string{
	"%[1]s://%[2]s@host", "%[1]s://%[2]s:@host", "%[1]s://u:%[2]s@host", "%[1]s://u:%[2]s@host:1/x", "%[1]s://u:%[2]s@/", "%[1]s://:%[2]s@host?x=1",
	"%[1]s:u:%[2]s@host", "%[1]s:%[2]s@host", "%[1]s:/u:%[2]s@host", "%[1]s:///u:%[2]s@host?x=1", "%[1]s:////u:%[2]s@host", "%[1]s//u:%[2]s@host",
	"%[1]s://h?password=%[2]s", "%[1]s://h?sentinel-password=%[2]s&x=1", "%[1]s://h?sentinel-user=%[2]s&db=1", "%[1]s://h?%[2]s", "%[1]s://h?%[2]s=1",
	"%[1]s://h?max-bytes=%[2]s", "%[1]s://h?max-value=%[2]s", "%[1]s://h?timeout=%[2]s", "%[1]s://h?keep=%[2]s", "%[1]s://h?limit=%[2]s", "%[1]s://h?compress=%[2]s",
	"%[1]s://h?encrypt=%[2]s", "%[1]s://h?encrypt=key:%[2]s", "%[1]s://h?ca=%[2]s", "%[1]s://h?cert=%[2]s&key=%[2]s", "%[1]s://h?insecure=%[2]s",
	"%[1]s://h?entries=%[2]s", "%[1]s://h?region=%[2]s&x=1", "%[1]s://h?create=%[2]s", "%[1]s://h?addr=%[2]s&x=1", "%[1]s://h?a=%%zz&b=%[2]s",
	"%[1]s:?max-bytes=%[2]s", "%[1]s:?nonsense=%[2]s", "%[1]s:?%[2]s=1", "%[1]s:///tmp?max-bytes=1&x=%[2]s", "%[1]s://h#%[2]s", "%[1]s://u:1#%[2]s@host", "%[1]s://u:1?%[2]s@host",
	"%[1]s://u:1/%[2]s@host", "%[1]s://h:%[2]s", "%[1]s://%[2]s:host:1", "%[1]s://[%[2]s]", "%[1]s://h:1:%[2]s", "%[1]s://h/%[2]s?x=1", "%[1]s://h/\x7f%[2]s",
	"%[2]s://h", "%[2]s:", "%[2]s", "u:%[2]s@host", "%[2]s@host", "//u:%[2]s@host", "x%[1]s://u:%[2]s@host", "%[1]sx://h?password=%[2]s", "%[1]s:: %[2]s",
	"memory: %[1]s://u:%[2]s@h?x=1", "%[1]s://u:p %[2]s@host", "%[1]s://u:%[2]s@h1,h2", "%[1]s://u:%[2]s@h:1 %[1]s://u:%[2]s@h",
}

// signs are what secrets are made of. Escaped or not, they mean something in a URL, in a format, or
// in quotes.
const signs = `abcdefghijklmnopqrstuvwxyzABCDEF0123456789-._~!$&'()*+,;=:@/?#[]%"\<>^{}|é` + "`"

// Secrets opens URLs of the schemes that have a secret somewhere, n times each, and fails if an error repeats it. The drivers must be
// registered.
func Secrets(t *testing.T, n int, schemes ...string) {
	draw := rand.New(rand.NewPCG(1, 2))
	for _, scheme := range schemes {
		for _, place := range places {
			for i := range n {
				secret := drawSecret(draw, i == 0)
				for _, written := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
					raw := fmt.Sprintf(place, scheme, written)
					for _, err := range []error{layer.Check(raw), openToLook(raw)} {
						if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), written)) {
							t.Errorf("%q: the error repeats the secret %q: %v", raw, secret, err)
						}
					}
				}
			}
		}
	}
}

// drawSecret returns a secret of letters alone, or of any signs.
func drawSecret(draw *rand.Rand, letters bool) string {
	from, b := []rune(signs), []rune("s")
	if letters {
		from = from[:26]
	}
	for range 7 + draw.IntN(6) {
		b = append(b, from[draw.IntN(len(from))])
	}
	return string(b)
}

// openToLook opens a store that can be right, and closes it.
func openToLook(raw string) error {
	if layer.Check(raw) != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(store.ToLook(context.Background()), 200*time.Millisecond)
	defer cancel()
	s, err := layer.Open(ctx, raw)
	if err == nil {
		err = s.Close()
	}
	return err
}
