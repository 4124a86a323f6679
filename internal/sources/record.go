package sources

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
)

// Format is the number of the form that records have. Records of another are left alone.
const Format = 1

// Record says from which code the wrappers in a directory were generated. Generating again replaces it.
type Record struct {
	Format int `json:"format"`
	// Dir is the directory of the generated file.
	Dir string `json:"dir"`
	// Digests are those of all directories that matter to a function, by path.
	Digests map[string]string `json:"digests"`
	// Functions are the cached functions by name.
	Functions map[string]Function `json:"functions"`
}

// Function says what a version was made of.
type Function struct {
	Version string `json:"version"`
	// Dirs are directories with code that the function reaches, the nearest first.
	Dirs []string `json:"dirs"`
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
	data, err := os.ReadFile(filepath.Join(folder, Name(dir)))
	if err != nil {
		return Record{}, false
	}
	var r Record
	err = json.Unmarshal(data, &r)
	return r, err == nil && r.Format == Format
}

// Changed returns the first directory of a function whose code is not what it was, or "". Digest tells what the code in a directory is
// now. Nothing has changed of a function that the record doesn't know, or knows by another version.
func (r Record) Changed(function, version string, digest func(dir string) string) string {
	f := r.Functions[function]
	if f.Version != version {
		return ""
	}
	for _, dir := range f.Dirs {
		if digest(dir) != r.Digests[dir] {
			return dir
		}
	}
	return ""
}
