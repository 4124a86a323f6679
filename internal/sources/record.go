package sources

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/cachegen/cachegen/internal/regular"
)

// Format is the number of the form that records have. Records of another are left alone.
const Format = 2

// Record says from which code the wrappers in a directory were generated. Generating again replaces
// it.
type Record struct {
	Format int `json:"format"`
	// Dir is the directory of the generated file.
	Dir string `json:"dir"`
	// Digests are those of all directories whose code can matter to the functions, by path.
	Digests map[string]string `json:"digests"`
	// Functions are the versions of the cached functions by name.
	Functions map[string]string `json:"functions"`
}

// Folder returns the folder of records, in the user's cache folder.
func Folder() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "cachegen", "sources"), nil
}

// Name returns the base name of the record for a directory.
func Name(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	sum := sha256.Sum256([]byte(filepath.ToSlash(filepath.Clean(dir))))
	return hex.EncodeToString(sum[:16]) + ".json"
}

// Load returns the record for a directory, and false if there is none, or none that can be read.
func Load(dir string) (Record, bool) {
	folder, err := Folder()
	if err != nil {
		return Record{}, false
	}
	data, err := regular.ReadFile(filepath.Join(folder, Name(dir)))
	if err != nil {
		return Record{}, false
	}
	var r Record
	err = json.Unmarshal(data, &r)
	return r, err == nil && r.Format == Format
}

// Changed returns the first directory whose code is not what it was, or "". Digest tells what the
// code in a directory is now. Nothing has changed for a function that the record doesn't know, or
// knows by another version.
func (r Record) Changed(function, version string, digest func(dir string) string) string {
	if r.Functions[function] != version {
		return ""
	}
	for _, dir := range slices.Sorted(maps.Keys(r.Digests)) {
		if digest(dir) != r.Digests[dir] {
			return dir
		}
	}
	return ""
}
