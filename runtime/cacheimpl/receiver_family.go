package cacheimpl

// PerReceiverOf returns f's caches for the type arguments in R and A, which spec describes on first
// use.
func PerReceiverOf[R any, A ComparableArgs, V any](f *Family, spec func() Spec[A, V]) *PerReceiver[R, A, V] {
	return memberOf(f, func() *PerReceiver[R, A, V] { return NewPerReceiver[R](instantiate(spec())) })
}

// EncodedPerReceiverOf is PerReceiverOf for an EncodedPerReceiver.
func EncodedPerReceiverOf[R any, A Args, V any](f *Family, spec func() Spec[A, V]) *EncodedPerReceiver[R, A, V] {
	return memberOf(f, func() *EncodedPerReceiver[R, A, V] { return NewEncodedPerReceiver[R](instantiate(spec())) })
}
