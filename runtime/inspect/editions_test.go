package inspect

import (
	"slices"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/entry"
)

// TestCompareBuilds compares calls with an entry, whose modules only editions tell.
func TestCompareBuilds(t *testing.T) {
	edition := func(modules ...string) *entry.Edition {
		return &entry.Edition{Version: "v1:0", Modules: modules, Build: []string{"GOARCH=amd64", "GOOS=linux"}}
	}
	text30, text31 := "golang.org/x/text golang.org/x/text@v0.30.0 h1:a", "golang.org/x/text golang.org/x/text@v0.31.0 h1:b"
	here := []string{"golang.org/x/text golang.org/x/text@v0.31.0"}
	for _, test := range []struct {
		name     string
		call     Call
		editions []*entry.Edition
		portable bool
		want     []string
	}{
		{"nothing known", Call{}, nil, false, nil},
		{"another module", Call{Modules: here}, []*entry.Edition{edition(text30)}, false, []string{"module golang.org/x/text: v0.31.0 here, v0.30.0 there"}},
		{"the same module", Call{Modules: here}, []*entry.Edition{edition(text31)}, false, nil},
		{"two editions that it may be of", Call{Modules: here}, []*entry.Edition{edition(text30), edition(text31)}, false, nil},
		{"an edition of another version", Call{Modules: here}, []*entry.Edition{{Version: "v1:1", Modules: []string{text30}}}, false, nil},
		{"another build", Call{Build: []string{"GOARCH=arm64", "GOOS=linux", "CGO_ENABLED=1", "-tags="}}, nil, false, []string{"build GOARCH: arm64 here, amd64 there"}},
		{"tags", Call{Build: []string{"-tags=pro"}}, nil, false, []string{"build -tags: pro here, nothing there"}},
		{"portable", Call{Build: []string{"GOARCH=arm64", "-tags=pro"}}, nil, true, nil},
	} {
		e := &Entry{Version: "v1:0", Build: []string{"GOARCH=amd64", "GOOS=linux"}}
		if test.portable {
			e.Build = nil
		}
		var got []string
		for _, d := range test.call.compare(e, test.editions) {
			got = append(got, d.String())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
