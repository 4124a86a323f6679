package runtime

import "context"

// SetCall sets what executes the function for some arguments; see [Spec.Call]. It is for generated code, from init: the cache of a
// function that reaches its own wrapper can't name the function in its initialiser.
func (b *base[A, V]) SetCall(call func(context.Context, A) (V, error)) { b.spec.Call = call }
