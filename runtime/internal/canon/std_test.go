package canon_test

import (
	"math/big"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"testing"
)

// TestReviewed fails when a release of Go adds a field to a type that was reviewed: a new field may
// tell values apart.
func TestReviewed(t *testing.T) {
	for _, test := range []struct {
		t      reflect.Type
		fields []string
	}{
		{reflect.TypeFor[url.URL](), []string{
			"Scheme", "Opaque", "User", "Host", "Path", "Fragment", "RawQuery", "RawPath", "RawFragment", "ForceQuery", "OmitHost",
		}},
		{reflect.TypeFor[url.Userinfo](), []string{"username", "password", "passwordSet"}},
		{reflect.TypeFor[big.Int](), []string{"neg", "abs"}},
		{reflect.TypeFor[big.Rat](), []string{"a", "b"}},
		{reflect.TypeFor[big.Float](), []string{"prec", "mode", "acc", "form", "neg", "mant", "exp"}},
		{reflect.TypeFor[regexp.Regexp](), []string{
			"expr", "prog", "onepass", "numSubexp", "maxBitStateLen", "subexpNames", "prefix", "prefixBytes", "prefixRune",
			"prefixEnd", "mpool", "matchcap",
			"prefixComplete", "cond", "minInputLen", "longest",
		}},
	} {
		var fields []string
		for f := range test.t.Fields() {
			fields = append(fields, f.Name)
		}
		slices.Sort(fields)
		slices.Sort(test.fields)
		if !slices.Equal(fields, test.fields) {
			t.Errorf("%s has the fields %q; reviewed were %q", test.t, fields, test.fields)
		}
	}
}
