package cache

import "context"

// Policy is a function that gives a part of the version at each call. Flyte's custom cache policies are the model.
type Policy = func(context.Context, VersionParams) (string, error)

// VersionParams is what a policy is told about the function.
type VersionParams struct {
	// Func is the function's name, Namespace its namespace.
	Func, Namespace string
	// Version is the version that the generator computed.
	Version string
	// Salt is the function's salt.
	Salt string
}
