package cache_test

import (
	"strings"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
)

// TestNewRefuses configures caches as nothing can be.
func TestNewRefuses(t *testing.T) {
	for _, url := range []string{
		"redis://cache:6379", "dirr:", "::", "dir:?max-bytes=lots", "dir:?nonsense=1", "dir://host/folder", "redis:u:secret@host", "dir://u:secret@h",
		"memory: redis://u:secret@cache", "memory:?entries=-1", "none:", "   ", "dir:?encrypt=secret", "redis://h?sentinel-password=secret", "dir:?secret=1",
	} {
		c, err := cache.New(cache.Config{URL: url})
		if err == nil || c != nil {
			t.Errorf("New with the URL %q succeeds", url)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("New with the URL %q: the error repeats the secret: %v", url, err)
		}
		if err := cache.Configure(cache.Config{URL: url}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("Configure with the URL %q: %v", url, err)
		}
		t.Setenv("CACHEGEN_STORE", url)
		if _, err := cache.New(cache.Config{}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("New with CACHEGEN_STORE=%q: %v", url, err)
		}
	}
	t.Setenv("CACHEGEN_STORE", "")
	for _, mode := range []string{"nonsense", "Use", "use,refresh"} {
		t.Setenv("CACHEGEN_MODE", mode)
		if _, err := cache.New(cache.Config{}); err == nil {
			t.Errorf("New with CACHEGEN_MODE=%s succeeds", mode)
		}
	}
}
