package blob_test

import (
	"testing"

	"github.com/cachegen/cachegen/runtime/store/storetest"
)

func TestSecrets(t *testing.T) { storetest.Secrets(t, 2, "s3", "gs", "azblob") }
