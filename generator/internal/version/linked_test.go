package version

import (
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
)

// TestLinked has variables that the linker can set and some that it can't, in reach and out of it, C code, and files of other builds.
func TestLinked(t *testing.T) {
	dir := fixture.Module(t, `
-- m.go --
package m

import "example.com/m/other"

type name string

var (
	region       = "eu"
	version      string
	count        = 1
	named   name = "x"
	unused       = "u"
)

func Plain(n int) int { return n + count + len(named) }

func Direct() string { return region }

func Deep() string { return help() + other.Zone() }

func help() string { return version }

func Ported() int { return other.Ported() }
-- other/other.go --
package other

import "example.com/m/port"

var zone = func() string { return "z" }()

func Zone() string { return zone }

func Ported() int { return port.N() }
-- port/port.go --
package port

func N() int { return 1 }
-- port/port_windows.go --
package port

import "C"

var (
	region      = "eu"
	guess       = f()
	count  int  = 1
)
`)
	for fn, want := range map[string]string{
		"Plain":  "",
		"Direct": "example.com/m.region",
		"Deep":   "example.com/m.version example.com/m/other.zone",
		"Ported": "C example.com/m/port.guess example.com/m/port.region",
	} {
		if got := strings.Join(versionIn(t, dir, "example.com/m."+fn).Linked, " "); got != want {
			t.Errorf("%s: %q, want %q", fn, got, want)
		}
	}
}

// TestLinkIntoMain edits functions that a package takes from the programs that it is in, as the linker calls them.
func TestLinkIntoMain(t *testing.T) {
	dir := fixture.Module(t, `
-- lib/lib.go --
package lib

import _ "unsafe"

//go:linkname impl main.impl
func impl(n int) int

func F(n int) int { return impl(n) }
-- lib/lib.s --
-- cmd/one/main.go --
package main

import "example.com/m/lib"

func impl(n int) int { return n + 1 }

func main() { println(lib.F(1)) }
-- cmd/two/main.go --
package main

import "example.com/m/lib"

func impl(n int) int { return n + 2 }

func main() { println(lib.F(1)) }
`)
	before := versionIn(t, dir, "example.com/m/lib.F").Hash
	for _, name := range []string{"cmd/one/main.go", "cmd/two/main.go"} {
		rewrite(t, dir, name, "return n + ", "return n * ")
		after := versionIn(t, dir, "example.com/m/lib.F").Hash
		if after == before {
			t.Errorf("an edit in %s changes nothing", name)
		}
		before = after
	}
}
