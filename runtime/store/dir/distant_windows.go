package dir

import (
	"path/filepath"
	"strings"
)

// isDistant reports whether folder is another machine's share. A drive letter given to one is not seen.
func isDistant(folder string) bool { return strings.HasPrefix(filepath.VolumeName(folder), `\\`) }
