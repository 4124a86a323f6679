package entry_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/entry"
)

type login struct {
	User, Password string
	Next           *login
}

// TestSecretNames previews values under all sorts of names.
func TestSecretNames(t *testing.T) {
	type secret struct {
		Password, Passwd, Passphrase, Secret, Token, Apikey, Credential, Dsn, Authorization           string
		DBPassword, PasswordHash, APIKey, ApiKey, Api_key, API_KEY, MyAPIKeyID, DSN, PassWord         string
		HTTPAuthorization, ClientSecret, AccessToken, TOKEN, Token2, X_token, Credentials, SecretsDsn string
		password, apiKey, dbDSN                                                                       string
	}
	type open struct {
		User, Tokenize, Tokens, Secretary, Passage, Keyboard, Api, Key, Author, Dsnx, Apikeys string
	}
	hidden, shown := reflect.New(reflect.TypeFor[secret]()).Elem(), reflect.New(reflect.TypeFor[open]()).Elem()
	for _, f := range hidden.Fields() {
		if f.CanSet() {
			f.SetString("hunter2")
		}
	}
	s := hidden.Interface().(secret)
	s.password, s.apiKey, s.dbDSN = "hunter2", "hunter2", "hunter2"
	for _, field := range shown.Fields() {
		field.SetString("x")
	}
	if got := entry.Preview(s, entry.Secrets{}); strings.Contains(got, "hunter") {
		t.Errorf("Preview = %s", got)
	}
	for i := range hidden.NumField() { // One by one: a preview is short.
		name := hidden.Type().Field(i).Name
		if fields := (entry.Secrets{}).In(hidden.Type()); !slices.Contains(fields, name) {
			t.Errorf("%s is no secret", name)
		}
	}
	if got := entry.Preview(shown.Interface().(open), entry.Secrets{}); strings.Contains(got, "(secret)") {
		t.Errorf("Preview = %s", got)
	}
	if fields := (entry.Secrets{Open: true}).In(hidden.Type()); len(fields) != 0 {
		t.Errorf("with secret=off, secrets are %q", fields)
	}
}

// TestNestedSecrets has secrets in values of all kinds.
func TestNestedSecrets(t *testing.T) {
	type args struct {
		Logins  []login
		By      map[string]*login
		Headers map[string][]string
		Pair    [1]login
		City    string
	}
	l := login{User: "me", Password: "hunter2", Next: &login{Password: "hunter2"}}
	for _, a := range []args{
		{Logins: []login{l}},
		{By: map[string]*login{"x": &l}},
		{Headers: map[string][]string{"Authorization": {"hunter2"}, "X-Api-Key": {"hunter2"}}},
		{Pair: [1]login{l}, City: "Berlin"},
	} {
		if got := entry.Preview(a, entry.Secrets{}); strings.Contains(got, "hunter2") || !strings.Contains(got, "(secret)") {
			t.Errorf("Preview = %s", got)
		}
		if got := entry.Preview(a, entry.Secrets{Open: true}); !strings.Contains(got, "hunter2") {
			t.Errorf("with secret=off, Preview = %s", got)
		}
	}
	fields := (entry.Secrets{}).In(reflect.TypeFor[args]())
	if want := []string{"Logins", "By", "Pair"}; !slices.Equal(fields, want) {
		t.Errorf("secret are %q, want %q", fields, want)
	}
	kept := args{Logins: []login{l}, City: "Berlin"}
	if entry.Redact(reflect.ValueOf(&kept).Elem(), fields); kept.Logins != nil || kept.City != "Berlin" {
		t.Errorf("Redact = %v", kept)
	}
}
