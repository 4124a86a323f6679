//go:build !unix

package schema

func drop() {}
