package command

import (
	"os"
	"runtime/debug"
)

// The command lives for seconds, so it collects garbage late, until it uses as much memory as is to spare next to an editor and a compiler.
const (
	gcPercent   = 400
	memoryLimit = 800 << 20
)

// collectLate sets when garbage is collected, unless the user did.
func collectLate() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(gcPercent)
		debug.SetMemoryLimit(memoryLimit)
	}
}
