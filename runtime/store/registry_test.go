package store_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

func TestOpenWithoutDriver(t *testing.T) {
	const here = "github.com/cachegen/cachegen/runtime/store/"
	for raw, home := range map[string]string{
		"memory:": "memory", "dir:///tmp": "dir", "redis://cache": "redis", "rediss://cache": "redis", "s3://b": "blob", "gs://b": "blob",
		"azblob://b": "blob", "dynamodb://t": "dynamodb",
	} {
		s, err := store.Open(t.Context(), raw)
		if s != nil || !errors.Is(err, store.ErrNoDriver) || !strings.HasSuffix(err.Error(), `import _ "`+here+home+`"`) {
			t.Errorf("Open(%q) = %v, %v, want an error that says to import %s", raw, s, err, here+home)
		}
	}
}

func TestOpenOfNoStore(t *testing.T) {
	store.Register("registered", func(_ context.Context, u *url.URL) (store.Store, error) { return nil, errors.New("opened " + u.Host) })
	for raw, want := range map[string]string{
		"registered://host":          "opened host",
		"floppy://me:secret@a/":      "the URL names no store; schemes are registered",
		"no scheme":                  "the URL names no store; schemes are registered",
		"dirr:":                      "names no store; schemes are registered; is dir: meant?",
		"rediss//secret":             "names no store",
		"registered://me:secret@a:b": "store: a store's URL has a mistake",
		"registered:me:secret@a":     "two slashes",
		"registered://a#secret":      "no part after #",
		"registered://a?b=%zzsecret": "the options of a store's URL have a mistake",
		"::":                         "has a mistake",
	} {
		if _, err := store.Open(t.Context(), raw); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%q): %v, want %s", raw, err, want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a scheme was registered twice")
		}
	}()
	store.Register("registered", nil)
}
