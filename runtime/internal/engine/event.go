package engine

import "time"

// Outcome says what a cached call came to.
type Outcome uint8

// Outcomes; package runtime documents them.
const (
	Hit Outcome = iota + 1
	Miss
	Joined
	Stale
	Refreshed
	Bypassed
	Fault
	outcomes
)

var outcomeNames = [...]string{"", "hit", "miss", "joined", "stale", "refreshed", "bypassed", "fault"}

// String returns the outcome's name.
func (o Outcome) String() string { return name(outcomeNames[:], int(o)) }

// MarshalText returns the outcome's name, for encoders of JSON and the like.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Tier says where a result was found.
type Tier uint8

// Tiers; package runtime documents them.
const (
	NoTier Tier = iota
	MemoryTier
	StoreTier
	TargetTier
	tierCount
)

var tierNames = [...]string{"", "memory", "store", "target"}

// String returns the tier's name.
func (t Tier) String() string { return name(tierNames[:], int(t)) }

// MarshalText returns the tier's name.
func (t Tier) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Reason says why no entry was used.
type Reason uint8

// Reasons; package runtime documents them.
const (
	NoReason Reason = iota
	NeverSeen
	OtherVersion
	TooOld
	FromFuture
	Rejected
	Corrupt
	StoreFailed
	Forgotten
	Unkeyed
	NoRun
	CodeChanged
	Unkept
	InputsChanged
	Differs
	reasons
)

var reasonNames = [...]string{
	"", "never seen", "other version", "too old", "from the future", "rejected", "corrupt", "store failed",
	"forgotten", "no key", "no run", "code changed", "can't be kept", "inputs changed while it ran",
	"differs from what the function returns",
}

// String returns the reason in words.
func (r Reason) String() string { return name(reasonNames[:], int(r)) }

// MarshalText returns the reason in words.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Event tells what a cached call did, or what a store failed to do.
type Event struct {
	Func     string
	Key      Key
	Outcome  Outcome
	Tier     Tier
	Age      time.Duration
	Cost     time.Duration
	Duration time.Duration
	Reason   Reason
	Err      error
}

func name(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return "unknown"
}
