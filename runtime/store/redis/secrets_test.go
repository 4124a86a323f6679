package redis_test

import (
	"testing"

	"github.com/cachegen/cachegen/runtime/store/layer"
	"github.com/cachegen/cachegen/runtime/store/storetest"
)

func TestSecrets(t *testing.T) { storetest.Secrets(t, 3, "redis", "rediss") }

func TestCheck(t *testing.T) {
	for _, bad := range []string{"redis:u:pw@host", "redis:host", "redis:/u:pw@host", "redis://h?keep=soon", "rediss://h?unknown=1"} {
		if layer.Check(bad) == nil {
			t.Errorf("Check(%q) is nil", bad)
		}
	}
	if err := layer.Check("redis://user:pw@does-not-exist.invalid:1/3?keep=1h&sentinel-password=x"); err != nil {
		t.Error(err)
	}
}
