package entry

import (
	"reflect"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

func TestEdition(t *testing.T) {
	was := &Edition{Domain: "staging", Version: "v1:0", Modules: []string{"m m@v1.0.0 h1:a"}, Build: []string{"GOOS=linux"}, Whole: true}
	b, err := was.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if is, err := DecodeEdition(b); err != nil || !reflect.DeepEqual(is, was) {
		t.Errorf("%+v, %v", is, err)
	}
	p := key.Prefix{1, 2, 3}
	if got, ok := PrefixOf(EditionName("segment", p)); !ok || got != p {
		t.Errorf("%x, %v", got, ok)
	}
	for _, name := range []string{"", "v/segment/", "v/segment/01", "v/segment/zz"} {
		if _, ok := PrefixOf(name); ok {
			t.Errorf("%q is about a prefix", name)
		}
	}
}
