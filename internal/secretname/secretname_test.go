package secretname_test

import (
	"testing"

	"github.com/cachegen/cachegen/internal/secretname"
)

func TestIs(t *testing.T) {
	for name, want := range map[string]bool{
		"password": true, "dbPassword": true, "API_KEY": true, "apiKey": true, "AuthToken": true, "HTTPAuthorization": true,
		"TOKEN": true, "Token2": true, "DSN": true, "Credentials": true, "": false, "tokenize": false, "Tokens": false,
		"Secretary": false, "key": false, "Api": false, "user": false,
	} {
		if secretname.Is(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
