package cacheimpl

// PerReceiverOf returns f's caches for the type arguments in R and A, which spec describes on first
// use.
func PerReceiverOf[R any, A ComparableArgs, V any](f *Family, spec func() Spec) *PerReceiver[R, A, V] {
	return f.of((*A)(nil), (*V)(nil), spec, func(s Spec) any { return NewPerReceiver[R, A, V](s) }).(*PerReceiver[R, A, V])
}

// EncodedPerReceiverOf is PerReceiverOf for an EncodedPerReceiver.
func EncodedPerReceiverOf[R any, A Args, V any](f *Family, spec func() Spec) *EncodedPerReceiver[R, A, V] {
	return f.of((*A)(nil), (*V)(nil), spec, func(s Spec) any { return NewEncodedPerReceiver[R, A, V](s) }).(*PerReceiver[R, A, V])
}
