package rta

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/oracle/subject"
)

// TestClosures compares the closures of a few functions of a small module. The whole is
//
//	CACHEGEN_RTA=all go test -run TestClosures -v -timeout 4h ./generator/internal/oracle/rta
//
// where CACHEGEN_RTA may also be a list of modules with versions, or of directories.
func TestClosures(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	named, atMost := strings.Fields(strings.ReplaceAll(os.Getenv("CACHEGEN_RTA"), ",", " ")), 400
	switch {
	case len(named) == 0:
		named, atMost = []string{"golang.org/x/mod@v0.39.0"}, 30
	case named[0] == "all":
		named = []string{fixture.Root(t), "golang.org/x/tools@v0.49.0", "golang.org/x/mod@v0.39.0", "golang.org/x/text@v0.41.0", "golang.org/x/net@v0.58.0"}
	}
	for _, name := range named {
		t.Run(filepath.Base(name), func(t *testing.T) {
			m, err := subject.Load(t.Context(), subject.Fetch(t, name))
			if err != nil {
				t.Fatal(err)
			}
			counts, missing, err := Compare(t.Context(), m, atMost)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(counts)
			for i, m := range missing {
				if i == 50 {
					t.Fatalf("and %d more", len(missing)-i)
				}
				t.Error(m)
			}
			if counts.Called < 30 || counts.Converted < 10 {
				t.Error("hardly anything was compared")
			}
		})
	}
}
