//go:build !linux && !darwin && !freebsd && !netbsd

package content

import "os"

func stateOf(os.FileInfo) (state, bool) { return state{}, false }
