package sources

import (
	"testing"
)

func TestCode(t *testing.T) {
	const src = "package p\n\nfunc F(a int) int {\n\treturn a - -1\n}\n"
	for _, tt := range []struct {
		name, src string
		same      bool
	}{
		{"comment", "// Package p.\npackage p\n\nfunc F(a int) int {\n\treturn a - -1\n}\n", true},
		{"comment at a line's end", "package p\n\nfunc F(a int) int { // it\n\treturn a - -1\n}\n", true},
		{"comment between tokens", "package p\n\nfunc F(a /* n */ int) int {\n\treturn a - -1\n}\n", true},
		{"comment of several lines", "package p\n\n/*\nF\n*/\nfunc F(a int) int {\n\treturn a - -1\n}\n", true},
		{"white space", "package p\n\n\n\nfunc  F( a int )int{\n  return a  -  -1\r\n\n}", true},
		{"number", "package p\n\nfunc F(a int) int {\n\treturn a - -2\n}\n", false},
		{"operators", "package p\n\nfunc F(a int) int {\n\treturn a -- 1\n}\n", false},
		{"words", "package p\n\nfuncF(a int) int {\n\treturn a - -1\n}\n", false},
		{"line's end", "package p\n\nfunc F(a int) int {\n\treturn\na - -1\n}\n", false},
		{"directive", "package p\n\n//go:noinline\nfunc F(a int) int {\n\treturn a - -1\n}\n", false},
		{"cached", "package p\n\n//cache:auto\nfunc F(a int) int {\n\treturn a - -1\n}\n", false},
	} {
		got, want := string(appendCode(nil, []byte(tt.src))), string(appendCode(nil, []byte(src)))
		if (got == want) != tt.same {
			t.Errorf("%s: %q and %q: want the same: %v", tt.name, got, want, tt.same)
		}
	}
}

func TestLiterals(t *testing.T) {
	for _, pair := range [][2]string{
		{"x := `a // b`", "x := `a // c`"},
		{"x := \"a  b\"", "x := \"a b\""},
		{`x := "\" // a"`, `x := "\" // b"`},
		{`x := '"' // a`, `x := '\'' // a`},
		{"x := `\\` + y", "x := `\\` + z"},
		{"a < -b", "a <- b"},
		{"a // b\nc", "a c"},
		{"/* unfinished", "unfinished"},
		{"//export F\nfunc F()", "//export G\nfunc F()"},
	} {
		if a, b := appendCode(nil, []byte(pair[0])), appendCode(nil, []byte(pair[1])); string(a) == string(b) {
			t.Errorf("%q and %q are both %q", pair[0], pair[1], a)
		}
	}
}
