package cacheimpl

import (
	"context"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// Generation1 is the handshake between generated code and this runtime: generated code says
//
//	const _ = cacheimpl.Generation1
//
// and does not compile with a runtime that is too old for it (connect-go does the same).
const Generation1 = true

// NoReuse as a max-age means that completed results are never reused. Calls under way still join.
const NoReuse time.Duration = -1

// Args is a struct of a function's keyed parameters, which generated code declares. It can append
// its canonical encoding.
type Args interface {
	// AppendCacheKey appends the canonical encoding of the arguments to b.
	AppendCacheKey(b []byte) []byte
}

// ComparableArgs are arguments for which == is the cache's equality.
type ComparableArgs interface {
	comparable
	Args
}

// Spec is what the generator knows about a function. Generated code makes it; users don't. Its
// functions take pointers to arguments and to values: see [Of].
type Spec struct {
	// Name is the function's: import path and name, "example.com/weather.Client.Today". It is the
	// namespace too unless Options says otherwise.
	Name string
	// Version is the version of the code, or of override.
	Version string
	// Modules are the modules other than its own whose code the function reaches. Their versions
	// and sums join the key when the program starts, from its build information. A module whose
	// code is in the version is followed by an arrow and where the generator found it: "=>
	// ../units" (a directory that replaces the module), "=> workspace" or "=> vendor".
	Modules []string
	// Linked are the string variables that the function reads and the linker can set, by import
	// path and name. Those that the linker sets (-ldflags, -X) join the key. "C" says that the
	// function reaches C code. "main" says that programs differ in what they do before they call
	// it: then the path of the program's main package joins the key.
	Linked []string
	// Shape identifies the types of the keyed inputs and the results.
	Shape string
	// Layout is a digest of the types that generated code takes apart and that may differ in a
	// program: types of other modules, and types with a declaration for each build. "" means no
	// such types. If the layout in the program differs, calls are not cached. Varies are the vary
	// functions, whose results' types are among these types.
	Layout string
	Varies []any
	// Known are the modules whose code is in the version, the function's own first. It is set where
	// interfaces are in the inputs.
	Known []string
	// Types are zero values of the types that can be behind interfaces in the results.
	Types []any
	// TypeArgs are a generic function's type arguments, as nil pointers: []any{(*T)(nil)}. A type
	// argument's shape is an input, even if neither inputs nor results have the type.
	TypeArgs []any

	Options Options

	// Clone replaces the value that v points to by a copy that shares nothing that could be
	// changed. It is nil if there is nothing to copy.
	Clone func(v any)
	// Vary appends what the context says that identifies a result. With an error there is no key.
	Vary func(ctx context.Context, b []byte) ([]byte, error)
	// Policies are called at each call. Their results join the key.
	Policies []cache.Policy
	// MaxAge is the age until which a value may be used, where the value decides.
	MaxAge func(v any) time.Duration
	// Validate says whether an entry that was found may be used.
	Validate func(ctx context.Context, e cache.Entry, v any) bool
	// Unless is true for values to keep out.
	Unless func(v any) bool
	// Tags returns the tags of the results for the arguments.
	Tags func(args any) []string
	// TargetFields returns the text of an input or vary function for a name in the target template.
	// It returns false if there is none of that name: then the runtime fills the name in.
	TargetFields func(ctx context.Context, args any, field string) (string, bool)
	// Call is a func(context.Context, A) (V, error) that executes the function. It is nil unless
	// every parameter is keyed.
	Call any
	// Secret names the fields of the arguments whose values are never stored or logged, besides
	// those whose names say so.
	Secret []string
	// NoSecrets means that a name alone makes no secret.
	NoSecrets bool

	receivers bool // whether results go with a receiver
}

// Options are the options of a function that are plain data. The zero value is a bare //cache:auto.
type Options struct {
	// Namespace replaces the function's name in keys.
	Namespace string
	// Salt goes into every key.
	Salt string
	// MaxAge is the age until which an entry is used. 0 means no limit, and NoReuse means that no
	// entry is used.
	MaxAge time.Duration
	// Disabled calls the function each time.
	Disabled bool
	// Infallible means that the function has no error result.
	Infallible bool
	// Portable keeps the build settings out of the key. Toolchain adds the version of Go to the
	// key.
	Portable, Toolchain bool
	// PerRun separates entries by the run of WithRun.
	PerRun bool
	// Serialize lets one process execute a key at a time, under a lease of length Lease; 0 is 30 s.
	Serialize bool
	Lease     time.Duration
	// NoJoin means that calls under way don't join.
	NoJoin bool
	// StaleWhileRevalidate and StaleIfError are those of RFC 5861. ErrorMaxAge is the time for
	// which this process keeps an error.
	StaleWhileRevalidate, StaleIfError, ErrorMaxAge time.Duration
	// Target is the template of the path at which a result lives.
	Target string
	// Store is the name of a registered store; "" is the cache's own store.
	Store string
	// MemoryEntries bounds the entries in memory; 0 is the cache's default.
	MemoryEntries int
	// Share hands out the cached value itself. Nobody may change it, because others read it, and it
	// is written to the store meanwhile.
	Share bool
	// KeepInputs stores inputs in full, KeepFailed those of failed calls too.
	KeepInputs, KeepFailed bool
	// CheckRoundTrip compares a value with its decoded form before it is first stored, because the
	// value has a user's marshaler.
	CheckRoundTrip bool
	// MemoryOnly keeps results out of stores, because they have no stored form.
	MemoryOnly bool
	// CloneByCodec says that generated code can't copy results: they have private parts of other
	// packages, or their type depends on type arguments. If V holds references, Hit returns nil and
	// Do copies by the codec. Otherwise V is shared.
	CloneByCodec bool
	// Recursive says that a result can be deeper than Clone may go, or contain itself. A result
	// that is nested over 1,000 deep is neither kept nor cloned, and calls that waited for it
	// execute.
	Recursive bool
}
