package cacheimpl

import (
	"runtime"
	"unsafe"
	"weak"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/memory"
)

// PerReceiver holds a cache for each receiver of a method with per=receiver. The cache is in
// memory, and goes with its receiver. PerReceiver is safe for concurrent use.
type PerReceiver[R any, A ComparableArgs, V any] struct {
	receivers[R, Function[A, V]]
}

// NewPerReceiver returns the caches of the method that spec describes.
func NewPerReceiver[R any, A ComparableArgs, V any](spec Spec[A, V]) *PerReceiver[R, A, V] {
	fn := engine.Register(describe(&spec))
	return &PerReceiver[R, A, V]{receivers[R, Function[A, V]]{new: func() *Function[A, V] { return newFunction(&spec, fn.Private()) }}}
}

// EncodedPerReceiver is PerReceiver for an EncodedFunction.
type EncodedPerReceiver[R any, A Args, V any] struct {
	receivers[R, EncodedFunction[A, V]]
}

// NewEncodedPerReceiver returns the caches of the method that spec describes.
func NewEncodedPerReceiver[R any, A Args, V any](spec Spec[A, V]) *EncodedPerReceiver[R, A, V] {
	fn := engine.Register(describe(&spec))
	return &EncodedPerReceiver[R, A, V]{
		receivers[R, EncodedFunction[A, V]]{new: func() *EncodedFunction[A, V] { return newEncodedFunction(&spec, fn.Private()) }},
	}
}

// receivers has a C for each R that is alive. It finds them by address, which is cheaper than by
// weak pointer. The weak pointer proves that the address still belongs to the same receiver.
type receivers[R, C any] struct {
	members memory.Index
	new     func() *C
}

type member[R, C any] struct {
	memory.Header
	receiver weak.Pointer[R]
	cache    *C
}

// memberAt returns the member that begins with a header: nothing else is in the index.
func memberAt[R, C any](h *memory.Header) *member[R, C] { return (*member[R, C])(unsafe.Pointer(h)) }

// spread makes a hash of an address, another one of each: the number is odd.
func spread(address uintptr) uint64 { return uint64(address) * 0x9e3779b97f4a7c15 }

// Of returns the cache of r. It makes the cache on first use, and keeps it until r is collected. A
// nil r has a cache too.
func (p *receivers[R, C]) Of(r *R) *C {
	at := spread(uintptr(unsafe.Pointer(r)))
	if h := p.members.Find(at); h != nil {
		if m := memberAt[R, C](h); m.receiver.Value() == r {
			return m.cache
		}
	}
	return p.add(at, r)
}

//go:noinline
func (p *receivers[R, C]) add(at uint64, r *R) *C {
	fresh := &member[R, C]{receiver: weak.Make(r), cache: p.new()}
	is := func(h *memory.Header) bool { return memberAt[R, C](h).receiver.Value() == r }
	h := p.members.Put(at, &fresh.Header, is) // in the place of that of an object that is gone
	if h == &fresh.Header && r != nil {
		// The cleanup removes its member, not the address: another receiver may live there by then.
		runtime.AddCleanup(r, func(gone *member[R, C]) { p.members.Remove(&gone.Header) }, fresh)
	}
	return memberAt[R, C](h).cache
}
