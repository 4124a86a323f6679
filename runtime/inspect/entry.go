package inspect

import (
	"time"

	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/store"
)

// State says what an entry is good for.
type State string

// The states of entries.
const (
	Result    State = "result"    // it can be used while its version is the code's and its age will do
	Failed    State = "failed"    // the inputs of a call that failed
	Forgotten State = "forgotten" // removed, cleared, or of a tag or run that was forgotten
	Damaged   State = "damaged"   // it can't be read
)

// Entry is what a store tells about a result, or about what is in a result's place. Its JSON form is what cachegen cache prints.
type Entry struct {
	// Name is the key of the store's item.
	Name string `json:"name"`
	// ID is the result's key, which names it for people too: 64 hexadecimal digits.
	ID    string `json:"id"`
	State State  `json:"state"`
	// Namespace is the function's name unless its directive says otherwise. Func is always the name. Both are "" if the entry is
	// damaged.
	Namespace string `json:"namespace"`
	Func      string `json:"func"`
	Version   string `json:"version"`
	Project   string `json:"project,omitempty"`
	Domain    string `json:"domain,omitempty"`
	// Build is the configuration of the build in the key, as the go command names it: "GOARCH=arm64", "-tags=pro". Revision is
	// that of the repository that the program was built from.
	Build    []string `json:"build,omitempty"`
	Revision string   `json:"revision,omitempty"`
	Run      string   `json:"run,omitempty"`
	// Inputs is a preview of the inputs, "City:\"Berlin\" Days:3".
	Inputs string `json:"inputs"`
	// Began and Completed say when the execution did, or the removal.
	Began     time.Time `json:"began,omitzero"`
	Completed time.Time `json:"completed,omitzero"`
	// Cost is the time that the execution took; in JSON nanoseconds.
	Cost time.Duration `json:"cost_ns"`
	// Size is in bytes, as stored.
	Size  int64    `json:"size"`
	Codec string   `json:"codec,omitempty"`
	Tags  []string `json:"tags,omitempty"`
	// Error is the text of a failed call's error.
	Error string `json:"error,omitempty"`
	// ForgottenBy says what made the entry unusable: "removal", "clear", "tag city:Oslo" or "run 7", ForgottenAt about when.
	ForgottenBy string    `json:"forgotten_by,omitempty"`
	ForgottenAt time.Time `json:"forgotten_at,omitzero"`
	// Damage says what is wrong with the entry, "" for nothing.
	Damage string `json:"damage,omitempty"`
	// Modified and Accessed are when the store says that the entry was written and last read; zero if it doesn't know.
	Modified time.Time `json:"modified,omitzero"`
	Accessed time.Time `json:"accessed,omitzero"`
	// Hits is how often the entry was read from the store, which is not how often it was used: memory is asked first. -1 if
	// the store doesn't count.
	Hits int64 `json:"hits"`

	tombstone       bool
	marks           []int64
	inputs, payload []byte
}

// Code returns the code that the entry is of.
func (e *Entry) Code() Code { return Code{e.Namespace, e.Version} }

// Payload renders the result for people, in CBOR's diagnostic notation (RFC 8949, section 8): a struct is the list of its fields in
// order, a pointer a list of one. It is "" if the entry has none.
func (e *Entry) Payload() (string, error) { return diagnose(e.payload) }

// FullInputs renders the inputs as Payload does the result. It is "" unless the function has keep-inputs or, for failed calls, keep-failed.
func (e *Entry) FullInputs() (string, error) { return diagnose(e.inputs) }

func diagnose(b []byte) (string, error) {
	if len(b) == 0 {
		return "", nil
	}
	return codec.Diagnose(b)
}

// newEntry returns what there is to say about a listed item.
func newEntry(info store.Info) Entry {
	_, id := split(info.Key)
	return Entry{
		Name: info.Key, ID: id, State: Result, Size: info.Size, Modified: info.Modified, Accessed: info.Accessed, Hits: info.Hits,
	}
}

// fill says what the envelope does.
func (e *Entry) fill(from *entry.Entry) {
	e.Namespace, e.Func, e.Version = from.Namespace, from.Func, from.Version
	e.Project, e.Domain, e.Run = from.Project, from.Domain, from.Run
	e.Build, e.Revision = from.Build, from.Revision
	e.Inputs, e.inputs = from.Inputs.Preview, from.Inputs.Full
	e.Began, e.Completed, e.Cost = time.Unix(0, from.Began), time.Unix(0, from.Completed), from.Cost
	e.Codec, e.Tags, e.Error = from.Codec, from.Tags, from.Error
	e.tombstone, e.payload, e.marks = from.Tombstone, from.Payload, from.Marks
	switch {
	case from.Tombstone:
		e.State, e.ForgottenBy, e.ForgottenAt = Forgotten, "removal", e.Completed
	case from.Error != "" || e.inFailed():
		e.State = Failed
	}
}

// spoil says that the entry can't be read.
func (e *Entry) spoil(why string) { e.State, e.Damage = Damaged, why }
