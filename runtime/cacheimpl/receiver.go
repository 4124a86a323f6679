package cacheimpl

import (
	"runtime"
	"unsafe"
	"weak"

	"github.com/cachegen/cachegen/runtime/internal/memory"
)

// PerReceiver holds a cache for each receiver of a method with per=receiver: in memory, and gone
// with the receiver. It is safe for concurrent use. Caches are found by address, which is cheaper
// than by weak pointer; the weak pointer proves that the address is still the same receiver's.
type PerReceiver[R any, A Args, V any] struct {
	members memory.Index
	shared  *core // what the caches of all receivers have in common
}

// EncodedPerReceiver is PerReceiver for an EncodedFunction.
type EncodedPerReceiver[R any, A Args, V any] = PerReceiver[R, A, V]

// NewPerReceiver returns the caches of the method that spec describes.
func NewPerReceiver[R any, A ComparableArgs, V any](spec Spec) *PerReceiver[R, A, V] {
	spec.receivers = true
	return &PerReceiver[R, A, V]{shared: New[A, V](spec).core}
}

// NewEncodedPerReceiver returns the caches of the method that spec describes.
func NewEncodedPerReceiver[R any, A Args, V any](spec Spec) *EncodedPerReceiver[R, A, V] {
	spec.receivers = true
	return &PerReceiver[R, A, V]{shared: NewEncoded[A, V](spec).core}
}

type member[R any] struct {
	memory.Header
	receiver weak.Pointer[R]
	cache    *core
}

// memberAt returns the member that begins with a header: nothing else is in the index.
func memberAt[R any](h *memory.Header) *member[R] { return (*member[R])(unsafe.Pointer(h)) }

// spread makes a hash of an address, another one of each: the number is odd.
func spread(address uintptr) uint64 { return uint64(address) * 0x9e3779b97f4a7c15 }

// Of returns the cache of r, which has one from its first use until it is collected. A nil r has
// one too.
func (p *PerReceiver[R, A, V]) Of(r *R) Function[A, V] {
	at := spread(uintptr(unsafe.Pointer(r)))
	if h := p.members.Find(at); h != nil {
		if m := memberAt[R](h); m.receiver.Value() == r {
			return Function[A, V]{Core[A, V]{m.cache}}
		}
	}
	return Function[A, V]{Core[A, V]{p.add(at, r)}}
}

//go:noinline
func (p *PerReceiver[R, A, V]) add(at uint64, r *R) *core {
	fresh := &member[R]{receiver: weak.Make(r), cache: p.shared.private()}
	is := func(h *memory.Header) bool { return memberAt[R](h).receiver.Value() == r }
	h := p.members.Put(at, &fresh.Header, is) // in the place of that of an object that is gone
	if h == &fresh.Header && r != nil {
		// The cleanup removes its member, not the address: another receiver may live there by then.
		runtime.AddCleanup(r, func(gone *member[R]) { p.members.Remove(&gone.Header) }, fresh)
	}
	return memberAt[R](h).cache
}
