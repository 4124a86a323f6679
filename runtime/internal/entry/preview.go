package entry

import (
	"encoding/hex"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/cachegen/cachegen/runtime/internal/types"
)

const (
	maxPreview = 200 // bytes
	maxNesting = 4   // levels below an argument
)

// Preview renders args, the struct of a call's arguments, for people: its fields by name, none of
// the secret ones, in at most about 200 bytes. It calls no method of the values. Reading stops
// where the text is full, however large they are.
func Preview(args any, secrets Secrets) string {
	p := preview{secrets: secrets}
	v := reflect.New(reflect.TypeOf(args)).Elem() // private fields can be read of what has an address
	v.Set(reflect.ValueOf(args))
	if v.Kind() == reflect.Struct {
		p.fields(v, secrets.hides, maxNesting)
	} else {
		p.value(v, maxNesting)
	}
	return p.String()
}

type preview struct {
	text    []byte
	secrets Secrets
}

// String returns the text, cut between characters.
func (p *preview) String() string {
	if len(p.text) <= maxPreview {
		return string(p.text)
	}
	end := maxPreview
	for !utf8.RuneStart(p.text[end]) {
		end--
	}
	return string(p.text[:end]) + "…"
}

func (p *preview) full() bool { return len(p.text) > maxPreview }

func (p *preview) add(s string) { p.text = append(p.text, s...) }

// quoted adds a string of which no more is looked at than can be shown.
func (p *preview) quoted(s string) { p.text = strconv.AppendQuote(p.text, s[:min(len(s), maxPreview)]) }

func (p *preview) fields(v reflect.Value, secret func(field string) bool, nesting int) {
	for i := range v.NumField() {
		if p.full() {
			return
		}
		if i > 0 {
			p.add(" ")
		}
		name := v.Type().Field(i).Name
		p.add(name + ":")
		if secret(name) {
			p.add("(secret)")
		} else {
			p.value(types.Field(v, i), nesting)
		}
	}
}

// value adds an addressable value.
func (p *preview) value(v reflect.Value, nesting int) {
	if t, ok := reflect.TypeAssert[time.Time](v); ok {
		p.text = t.AppendFormat(p.text, time.RFC3339Nano)
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		p.text = strconv.AppendBool(p.text, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.text = strconv.AppendInt(p.text, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		p.text = strconv.AppendUint(p.text, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		p.text = strconv.AppendFloat(p.text, v.Float(), 'g', -1, v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		p.add(strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits()))
	case reflect.String:
		p.quoted(v.String())
	default:
		p.nested(v, nesting-1)
	}
}

// nested adds a value that holds others.
func (p *preview) nested(v reflect.Value, nesting int) {
	switch {
	case v.Kind() != reflect.Struct && v.Kind() != reflect.Array && v.IsNil():
		p.add("nil")
	case nesting < 0:
		p.add("…")
	case v.Kind() == reflect.Pointer:
		p.add("&")
		p.value(v.Elem(), nesting)
	case v.Kind() == reflect.Struct:
		p.add("{")
		p.fields(v, p.secrets.byName, nesting)
		p.add("}")
	case v.Kind() == reflect.Map:
		p.pairs(v, nesting)
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		p.items(v, nesting)
	default:
		p.add("(" + v.Type().String() + ")")
	}
}

func (p *preview) items(v reflect.Value, nesting int) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		p.text = hex.AppendEncode(p.text, v.Slice(0, min(v.Len(), maxPreview)).Bytes())
		return
	}
	p.add("[")
	for i := range v.Len() {
		if p.full() {
			return
		}
		if i > 0 {
			p.add(" ")
		}
		p.value(v.Index(i), nesting)
	}
	p.add("]")
}

// pairs adds a map sorted by its keys as they print, or only its size if it is too large to sort
// for a preview.
func (p *preview) pairs(v reflect.Value, nesting int) {
	if v.Len() > maxPreview {
		p.add("{" + strconv.Itoa(v.Len()) + " pairs}")
		return
	}
	var pairs []string
	for iter := v.MapRange(); iter.Next(); {
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		k.SetIterKey(iter)
		e.SetIterValue(iter)
		pair := preview{secrets: p.secrets}
		pair.value(k, nesting)
		pair.add(":")
		if k.Kind() == reflect.String && p.secrets.byName(k.String()) {
			pair.add("(secret)")
		} else {
			pair.value(e, nesting)
		}
		pairs = append(pairs, pair.String())
	}
	slices.Sort(pairs)
	p.add("{")
	for i, pair := range pairs {
		if i > 0 {
			p.add(" ")
		}
		p.add(pair)
	}
	p.add("}")
}
