package version

import (
	"crypto/sha256"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cachegen/cachegen/generator/internal/version/extract"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

func TestSchemaIsInEachHash(t *testing.T) {
	n := &facts.Node{Skeleton: sha256.Sum256([]byte("form")), Names: []facts.ID{{Package: "p", Name: "F"}}}
	with := func(schema int) [sha256.Size]byte {
		h := facts.Hasher{Hash: sha256.New()}
		h.Count(schema)
		h.Bytes(n.Skeleton[:])
		h.Count(len(n.Names))
		h.ID(n.Names[0])
		return [sha256.Size]byte(h.Sum(nil))
	}
	if got := facts.LocalHash(n, nil); got != with(facts.Schema) || got == with(facts.Schema+1) {
		t.Errorf("%x has another schema than %d in it", got, facts.Schema)
	}
}

// TestMessagesBringNoBehaviour has code as protoc-gen-go writes it. That a message and what describes it meet in a function is no reason to
// reach all that anybody could put into a variable.
func TestMessagesBringNoBehaviour(t *testing.T) {
	dir := written(t, `
-- go.mod --
module example.com/m

go 1.26

require google.golang.org/protobuf v1.36.0
-- vendor/modules.txt --
# google.golang.org/protobuf v1.36.0
## explicit; go 1.26
google.golang.org/protobuf/internal/impl
google.golang.org/protobuf/runtime/protoimpl
-- vendor/google.golang.org/protobuf/internal/impl/impl.go --
package impl

type MessageInfo struct{ Exporter func(any) any }

type MessageState struct{ Info *MessageInfo }

func (i *MessageInfo) MessageOf(m any) any { return m }
-- vendor/google.golang.org/protobuf/runtime/protoimpl/protoimpl.go --
package protoimpl

import "google.golang.org/protobuf/internal/impl"

type (
	MessageInfo  = impl.MessageInfo
	MessageState = impl.MessageState
)
-- m.go --
package m

import "google.golang.org/protobuf/runtime/protoimpl"

type Message struct {
	state protoimpl.MessageState
	Text  string
}

var types [1]protoimpl.MessageInfo

func (m *Message) ProtoReflect() any {
	i := &types[0]
	return i.MessageOf(m)
}

func Stranger() func(any) any { return func(any) any { return "stranger" } }

func Text(n int) string {
	m := &Message{Text: "x"}
	m.ProtoReflect()
	return m.Text
}
`)
	before := versionIn(t, dir, "example.com/m.Text")
	rewrite(t, dir, "m.go", `"stranger"`, `"alien"`)
	if after := versionIn(t, dir, "example.com/m.Text"); after.Hash != before.Hash {
		t.Error("a function that it does not mention changes the version")
	}
	rewrite(t, dir, "m.go", `types[0]`, `types[len(m.Text)]`)
	if after := versionIn(t, dir, "example.com/m.Text"); after.Hash == before.Hash {
		t.Error("what it calls does not change the version")
	}
}

// TestRecursiveTypesCarryWhatTheirPartsDo asks for types in an order in which one of them is met while the other is not decided yet.
func TestRecursiveTypesCarryWhatTheirPartsDo(t *testing.T) {
	prog := checkProgram(t, txtar.Parse([]byte(`
-- a.go --
package m

type Outer struct {
	Inner *Inner
	Call  func()
}

type Inner struct{ Outer *Outer }

type List struct{ Next *List }
`)))
	p := prog.Roots[0]
	carriesBehaviour := extract.CarriesBehaviour(prog, p)
	for _, c := range []struct {
		name string
		want bool
	}{{"Outer", true}, {"Inner", true}, {"List", false}} {
		if got := carriesBehaviour(p.Types.Scope().Lookup(c.name).Type()); got != c.want {
			t.Errorf("%s carries behaviour: %t", c.name, got)
		}
	}
}
