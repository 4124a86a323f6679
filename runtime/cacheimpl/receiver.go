package cacheimpl

import (
	"runtime"
	"unsafe"
	"weak"

	"github.com/puzpuzpuz/xsync/v4"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// PerReceiver holds a cache for each receiver of a method with per=receiver: in memory, and gone with the receiver. It is safe
// for concurrent use.
type PerReceiver[R any, A ComparableArgs, V any] struct {
	receivers[R, Function[A, V]]
}

// NewPerReceiver returns the caches of the method that spec describes.
func NewPerReceiver[R any, A ComparableArgs, V any](spec Spec[A, V]) *PerReceiver[R, A, V] {
	fn := engine.Register(describe(&spec))
	return &PerReceiver[R, A, V]{newReceivers[R](func() *Function[A, V] { return newFunction(&spec, fn.Private()) })}
}

// EncodedPerReceiver is PerReceiver for an EncodedFunction.
type EncodedPerReceiver[R any, A Args, V any] struct {
	receivers[R, EncodedFunction[A, V]]
}

// NewEncodedPerReceiver returns the caches of the method that spec describes.
func NewEncodedPerReceiver[R any, A Args, V any](spec Spec[A, V]) *EncodedPerReceiver[R, A, V] {
	fn := engine.Register(describe(&spec))
	return &EncodedPerReceiver[R, A, V]{
		newReceivers[R](func() *EncodedFunction[A, V] { return newEncodedFunction(&spec, fn.Private()) }),
	}
}

// receivers has a C for each R that is alive. They are found by address, which is cheaper than by weak pointer; the weak pointer
// proves that the address is still the same receiver's.
type receivers[R, C any] struct {
	m   *xsync.Map[uintptr, *member[R, C]]
	new func() *C
}

type member[R, C any] struct {
	receiver weak.Pointer[R]
	cache    *C
}

func newReceivers[R, C any](make func() *C) receivers[R, C] {
	return receivers[R, C]{xsync.NewMap[uintptr, *member[R, C]](), make}
}

// Of returns the cache of r, which has one from its first use until it is collected. A nil r has one too.
func (p *receivers[R, C]) Of(r *R) *C {
	at := uintptr(unsafe.Pointer(r))
	if m, ok := p.m.Load(at); ok && m.receiver.Value() == r {
		return m.cache
	}
	return p.add(at, r)
}

//go:noinline
func (p *receivers[R, C]) add(at uintptr, r *R) *C {
	fresh := &member[R, C]{weak.Make(r), p.new()}
	m, _ := p.m.Compute(at, func(old *member[R, C], loaded bool) (*member[R, C], xsync.ComputeOp) {
		if loaded && old.receiver == fresh.receiver {
			return old, xsync.CancelOp
		}
		return fresh, xsync.UpdateOp // none, or that of an object that is gone
	})
	if m != fresh || r == nil {
		return m.cache
	}
	// The cleanup deletes its member, not the address: another receiver may live there by then.
	runtime.AddCleanup(r, func(gone *member[R, C]) {
		p.m.Compute(at, func(old *member[R, C], loaded bool) (*member[R, C], xsync.ComputeOp) {
			if loaded && old == gone {
				return nil, xsync.DeleteOp
			}
			return old, xsync.CancelOp
		})
	}, fresh)
	return fresh.cache
}
