package entry

import (
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Editions is where the names of editions begin: v/<namespace>/<prefix>.
const Editions = "v/"

// Edition is an item of a store that says what a prefix of keys was made of under which a function has had results. So a miss can be told from
// one that is due to another version of the code, and what no entry tells, such as the modules outside, can be told all the same.
type Edition struct {
	Project, Domain, Version string
	// Modules and Build are the key's: the modules outside and the configuration of the build.
	Modules, Build []string
	// Salt and Shape are the key's too, if Whole: earlier items don't say.
	Salt  string `json:",omitempty"`
	Shape string `json:",omitempty"`
	Whole bool   `json:",omitempty"`
}

// Encode returns the item's value.
func (e *Edition) Encode() ([]byte, error) { return json.Marshal(e) }

// DecodeEdition returns the edition in an item's value.
func DecodeEdition(value []byte) (*Edition, error) {
	e := new(Edition)
	return e, json.Unmarshal(value, e)
}

// EditionName returns the name of the item about a prefix, in the segment of a namespace.
func EditionName(segment string, p key.Prefix) string {
	return Editions + segment + "/" + hex.EncodeToString(p[:])
}

// PrefixOf returns the prefix that the item under a name is about.
func PrefixOf(name string) (key.Prefix, bool) {
	b, err := hex.DecodeString(name[strings.LastIndexByte(name, '/')+1:])
	if err != nil || len(b) != len(key.Prefix{}) {
		return key.Prefix{}, false
	}
	return key.Prefix(b), true
}
