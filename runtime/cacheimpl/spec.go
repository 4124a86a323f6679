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
// and does not compile with a runtime that lacks what it needs (connect-go has the idea).
const Generation1 = true

// NoReuse as a max-age says that completed results are never reused: calls in flight still join.
const NoReuse time.Duration = -1

// Args is what generated code makes of a function's keyed parameters: a struct that can append its
// canonical encoding.
type Args interface {
	// AppendCacheKey appends the canonical encoding of the arguments to b.
	AppendCacheKey(b []byte) []byte
}

// ComparableArgs are arguments for which == means what the cache means by equal.
type ComparableArgs interface {
	comparable
	Args
}

// Spec is what the generator knows about a function. Generated code makes it; users don't.
type Spec[A Args, V any] struct {
	// Name is the function's: import path and name, "example.com/weather.Client.Today". It is the
	// namespace too unless Options says otherwise.
	Name string
	// Version is the version of the code, or what override says.
	Version string
	// Modules are the modules other than its own whose code the function reaches. Their versions
	// and sums join the key when the program starts, from its build information. What comes after "
	// => " is where the generator found one whose code is in the version: "../units" (a directory
	// that replaces the module), "workspace" or "vendor".
	Modules []string
	// Linked are the string variables that the function reads and the linker can set (-ldflags "-X
	// main.region=eu"), by import path and name. Those that it sets join the key. "C" says that the
	// function reaches C code.
	Linked []string
	// Shape identifies the types of the keyed inputs and the results.
	Shape string
	// Layout says what generated code takes for granted of types that can be other ones in a
	// program than when it was generated: those of other modules, and those with a declaration for
	// each build. "" is nothing. Where it is otherwise calls are not cached. Varies are the vary
	// functions, whose results' types are among them.
	Layout string
	Varies []any
	// Known are the modules whose code is in the version, the function's own first, where
	// interfaces are in the inputs.
	Known []string
	// Types are zero values of the types that can be behind interfaces in the results.
	Types []any
	// TypeArgs are a generic function's type arguments: nil pointers to them, as in
	// []any{(*T)(nil)}. What a type consists of is an input even where neither inputs nor results
	// have it.
	TypeArgs []any

	Options Options

	// Clone returns a copy of a value that shares nothing with it that could be changed; nil if
	// there is nothing.
	Clone func(V) V
	// Vary appends what the context says that identifies a result.
	Vary func(ctx context.Context, b []byte) []byte
	// Policies are asked at each call; what they answer joins the key.
	Policies []cache.Policy
	// MaxAge is the age until which a value may be used, where the value decides.
	MaxAge func(V) time.Duration
	// Validate says whether an entry that was found may be used.
	Validate func(ctx context.Context, e cache.Entry, v V) bool
	// Unless is true for values to keep out.
	Unless func(V) bool
	// Tags returns the tags of the results for the arguments.
	Tags func(A) []string
	// TargetFields returns the text of an input or vary function of the target template for the
	// arguments, and false if there is none of that name: what the runtime fills in has the name
	// then.
	TargetFields func(ctx context.Context, a A, field string) (string, bool)
	// Call executes the function where every parameter is keyed; otherwise it is nil.
	Call func(ctx context.Context, a A) (V, error)
	// Secret names the fields of the arguments whose values are never stored or logged, besides
	// those whose names say so.
	Secret []string
	// NoSecrets says that a name alone makes no secret.
	NoSecrets bool
}

// Options are a function's options that are plain values. The zero value is what a bare
// //cache:auto means.
type Options struct {
	// Namespace replaces the function's name in keys.
	Namespace string
	// Salt goes into every key.
	Salt string
	// MaxAge is the age until which an entry is used, in whole nanoseconds: 0 is without a limit,
	// NoReuse none at all.
	MaxAge time.Duration
	// Disabled calls the function each time.
	Disabled bool
	// Infallible says that the function has no error result.
	Infallible bool
	// Portable keeps the configuration of the build out of the key, Toolchain joins the version of
	// Go.
	Portable, Toolchain bool
	// PerRun keeps entries apart by the run of WithRun.
	PerRun bool
	// Serialize lets one process execute a key at a time, with leases of Lease (0: 30 s).
	Serialize bool
	Lease     time.Duration
	// NoJoin keeps calls in flight apart.
	NoJoin bool
	// StaleWhileRevalidate and StaleIfError are RFC 5861's, ErrorMaxAge how long an error is
	// remembered in this process.
	StaleWhileRevalidate, StaleIfError, ErrorMaxAge time.Duration
	// Target is the template of the path at which a result lives.
	Target string
	// Store is the name of a registered store; "" is the cache's.
	Store string
	// MemoryEntries bounds the entries in memory; 0: the cache's default.
	MemoryEntries int
	// Share hands out the cached value itself: nobody may change it, for others read it and it is
	// written to the store meanwhile.
	Share bool
	// KeepInputs stores inputs in full, KeepFailed those of failed calls too.
	KeepInputs, KeepFailed bool
	// CheckRoundTrip compares a value with its stored form before it is first stored: a user's
	// marshaler is in it.
	CheckRoundTrip bool
	// MemoryOnly keeps results out of stores: they have no stored form.
	MemoryOnly bool
	// CloneByCodec says that generated code can't copy results: they have private parts of other
	// packages, or their type depends on type arguments. Where V holds references Hit returns nil
	// and Do copies by the codec; else V is shared.
	CloneByCodec bool
	// Recursive says that a result can be deeper than Clone may go, or contain itself: one that is
	// nested over 1,000 deep is not kept, not cloned, and calls that waited for it execute.
	Recursive bool
}
