package cache

import "github.com/cachegen/cachegen/runtime/internal/warm"

// WarmOption says how [Controls.Warm] works.
type WarmOption func(*warm.Settings)

// Parallel makes Warm call the function n times at once; by default one call follows the other.
func Parallel(n int) WarmOption { return func(s *warm.Settings) { s.Parallel = max(n, 1) } }

// Progress makes Warm tell f after each call, of how many succeeded and failed by then. Calls to f don't overlap.
func Progress(f func(succeeded, failed int)) WarmOption {
	return func(s *warm.Settings) { s.Progress = f }
}
