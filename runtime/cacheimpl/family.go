package cacheimpl

import (
	"reflect"
	"sync"
	"sync/atomic"
)

// Family holds the caches of a generic function, one for each list of type arguments. The zero
// Family is empty.
type Family struct {
	mu   sync.Mutex
	list atomic.Pointer[[]relative] // copied on write: there are few, and they come early
}

// relative is the cache for some type arguments.
type relative struct {
	args, value reflect.Type
	cache       any // a *core, or a *PerReceiver
}

// FunctionOf returns f's cache for the type arguments in A, which spec describes on first use.
func FunctionOf[A ComparableArgs, V any](f *Family, spec func() Spec) Function[A, V] {
	return Function[A, V]{Core[A, V]{f.of((*A)(nil), (*V)(nil), spec, func(s Spec) any { return New[A, V](s).core }).(*core)}}
}

// EncodedFunctionOf is FunctionOf for an EncodedFunction.
func EncodedFunctionOf[A Args, V any](f *Family, spec func() Spec) EncodedFunction[A, V] {
	return Function[A, V]{Core[A, V]{f.of((*A)(nil), (*V)(nil), spec, func(s Spec) any { return NewEncoded[A, V](s).core }).(*core)}}
}

// of returns f's member for the types that args and value point to, which make makes if there is
// none.
func (f *Family) of(args, value any, spec func() Spec, make func(Spec) any) any {
	a, v := reflect.TypeOf(args), reflect.TypeOf(value)
	if m := find(f.list.Load(), a, v); m != nil {
		return m
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	l := f.list.Load()
	if m := find(l, a, v); m != nil {
		return m
	}
	s := spec()
	s.instantiate(a.Elem(), v.Elem())
	m := relative{a, v, make(s)}
	if l == nil {
		l = new([]relative)
	}
	longer := append((*l)[:len(*l):len(*l)], m)
	f.list.Store(&longer)
	return m.cache
}

func find(l *[]relative, args, value reflect.Type) any {
	if l == nil {
		return nil
	}
	for i := range *l {
		if m := &(*l)[i]; m.args == args && m.value == value {
			return m.cache
		}
	}
	return nil
}
