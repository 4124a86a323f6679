package model_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// TestReference compares docs/reference/options.md with the tables.
func TestReference(t *testing.T) {
	const name = "../../../docs/reference/options.md"
	var want bytes.Buffer
	if err := model.WriteReference(&want); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(name, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Error(diff)
	}
}
