package cache

import "context"

// Policy is a function whose result is a part of the key. It is called at each call. Flyte's custom
// cache policies are the model.
type Policy = func(context.Context, VersionParams) (string, error)

// VersionParams describes the function to a policy.
type VersionParams struct {
	// Func is the function's name, Namespace its namespace.
	Func, Namespace string
	// Version is the version that the generator computed.
	Version string
	// Salt is the function's salt.
	Salt string
}
