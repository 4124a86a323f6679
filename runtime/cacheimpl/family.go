package cacheimpl

import (
	"sync"
	"sync/atomic"
)

// Family holds the caches of a generic function, one for each list of type arguments. The zero
// Family is empty.
type Family struct {
	mu   sync.Mutex
	list atomic.Pointer[[]any] // copied on write: there are few, and they come early
}

// FunctionOf returns f's cache for the type arguments in A, which spec describes on first use.
func FunctionOf[A ComparableArgs, V any](f *Family, spec func() Spec[A, V]) *Function[A, V] {
	return memberOf(f, func() *Function[A, V] { return NewFunction(instantiate(spec())) })
}

// EncodedFunctionOf is FunctionOf for an EncodedFunction.
func EncodedFunctionOf[A Args, V any](f *Family, spec func() Spec[A, V]) *EncodedFunction[A, V] {
	return memberOf(f, func() *EncodedFunction[A, V] { return NewEncodedFunction(instantiate(spec())) })
}

// memberOf returns f's member of type M, which make makes if there is none.
func memberOf[M any](f *Family, make func() M) M {
	if l := f.list.Load(); l != nil {
		for _, m := range *l {
			if m, ok := m.(M); ok {
				return m
			}
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var l []any
	if p := f.list.Load(); p != nil {
		l = *p
	}
	for _, m := range l {
		if m, ok := m.(M); ok {
			return m
		}
	}
	m := make()
	l = append(l[:len(l):len(l)], m)
	f.list.Store(&l)
	return m
}
