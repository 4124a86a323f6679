package main

import (
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

// asCommand has the test binary be the command.
const asCommand = "CACHEGEN_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

// run runs the command and returns what it printed.
func run(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestSchemes(t *testing.T) {
	want := []string{"azblob", "dir", "dynamodb", "gs", "memory", "redis", "rediss", "s3"}
	if got := store.Schemes(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
