// Package cacheimpl is for code that cachegen generates. Programs use package cache, one folder up.
//
// It is a thin generic layer, which knows the types of inputs and results, over an engine that
// knows no types and is compiled once. It also has the Append functions, from which AppendCacheKey
// methods can be written by hand.
package cacheimpl
