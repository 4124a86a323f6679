package cachetest

import (
	"reflect"

	"github.com/cachegen/cachegen/internal/secretname"
	"github.com/cachegen/cachegen/runtime/internal/types"
)

// redacted stands for a secret.
const redacted = "REDACTED"

// redact replaces strings and bytes with secret names in an addressable value. Secret means that
// the value's own name is secret. Empty values stay empty.
func redact(v reflect.Value, secret bool) {
	switch v.Kind() {
	case reflect.String:
		if secret && v.Len() > 0 {
			v.SetString(redacted)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			redact(v.Elem(), secret)
		}
	case reflect.Interface:
		if !v.IsNil() {
			v.Set(redactedCopy(v.Elem(), secret))
		}
	case reflect.Slice, reflect.Array:
		redactItems(v, secret)
	case reflect.Map:
		for _, k := range v.MapKeys() {
			named := k.Kind() == reflect.String && secretname.Is(k.String())
			v.SetMapIndex(k, redactedCopy(v.MapIndex(k), secret || named))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			redact(types.Field(v, i), secret || secretname.Is(v.Type().Field(i).Name))
		}
	}
}

func redactItems(v reflect.Value, secret bool) {
	if types.IsByte(v.Type().Elem()) {
		if secret && v.Kind() == reflect.Slice && v.Len() > 0 {
			v.SetBytes([]byte(redacted))
		}
		return
	}
	for i := range v.Len() {
		redact(v.Index(i), secret)
	}
}

// redactedCopy returns a redacted copy of a value that can't be changed in place.
func redactedCopy(v reflect.Value, secret bool) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	redact(c, secret)
	return c
}
