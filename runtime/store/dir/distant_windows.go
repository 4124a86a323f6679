package dir

import (
	"path/filepath"
	"strings"
)

// isDistant reports whether folder is another machine's share. It does not see a share behind a
// drive letter.
func isDistant(folder string) bool { return strings.HasPrefix(filepath.VolumeName(folder), `\\`) }
