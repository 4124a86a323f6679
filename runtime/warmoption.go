package cache

import "github.com/cachegen/cachegen/runtime/internal/warm"

// WarmOption is an option of [Controls.Warm].
type WarmOption func(*warm.Settings)

// Parallel lets Warm make n calls at once. The default is one.
func Parallel(n int) WarmOption { return func(s *warm.Settings) { s.Parallel = max(n, 1) } }

// Progress lets Warm call f after each call, with the number of calls that have succeeded and
// failed so far. Calls to f don't overlap.
func Progress(f func(succeeded, failed int)) WarmOption {
	return func(s *warm.Settings) { s.Progress = f }
}
