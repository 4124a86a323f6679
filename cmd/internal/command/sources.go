package command

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/internal/regular"
	"github.com/cachegen/cachegen/internal/sources"
)

// recorder records, outside the repository, from which code wrappers were generated: programs that run next to their sources look there
// whether someone edited them and forgot to generate. That it fails costs this warning and nothing else, so it does not say.
type recorder struct {
	result *generator.Result
	// began is when generating did: what was written later may not be what was read.
	began time.Time
	known map[string]sources.Directory
}

// recordSources records the sources of all packages whose generated files are up to date by now.
func recordSources(result *generator.Result, began time.Time) {
	folder, err := sources.Folder()
	if err != nil || os.MkdirAll(folder, 0o700) != nil {
		return
	}
	r := &recorder{result: result, began: began, known: map[string]sources.Directory{}}
	for _, record := range r.records() {
		if data, err := json.Marshal(record); err == nil {
			keep(filepath.Join(folder, sources.Name(record.Dir)), data)
		}
	}
	trimSources(folder)
}

// records returns the records of the result's packages, by directory. Those of a directory with a
// file that is left to a run with other tags are that run's.
func (r *recorder) records() map[string]sources.Record {
	records, left := map[string]sources.Record{}, map[string]bool{}
	for _, f := range r.result.Files {
		left[filepath.Dir(f.Path)] = left[filepath.Dir(f.Path)] || f.Left
		if dir := filepath.Dir(f.Path); f.New != nil && filepath.Ext(f.Path) == ".go" {
			records[dir] = sources.Record{
				Format: sources.Format, Dir: dir, Digests: map[string]string{}, Functions: map[string]string{},
			}
		}
	}
	for _, f := range r.result.Functions {
		record, ok := records[filepath.Dir(f.File)]
		dirs := r.result.Sources(f.Name)
		if !ok || f.Version == "" || len(dirs) == 0 || !r.digest(dirs, record.Digests) {
			continue
		}
		record.Functions[f.Name] = f.Version
	}
	maps.DeleteFunc(records, func(dir string, _ sources.Record) bool { return left[dir] })
	return records
}

// digest adds the digests of directories, and reports whether they are those of what was read when generating.
func (r *recorder) digest(dirs []string, digests map[string]string) bool {
	for _, dir := range dirs {
		d, known := r.known[dir]
		if !known {
			d, _ = sources.Read(dir) // the zero Directory has no digest
			r.known[dir] = d
		}
		if d.Digest == "" || d.Modified.After(r.began) {
			return false
		}
		digests[dir] = d.Digest
	}
	return true
}

// keep makes a file have a content, in one step.
func keep(name string, data []byte) {
	if old, err := regular.ReadFile(name); err == nil && bytes.Equal(old, data) {
		return
	}
	_ = write(generator.File{Path: name, New: data})
}

// trimEvery is how often records of directories that are gone are removed.
const trimEvery = 24 * time.Hour

// trimSources removes the records of directories that are gone.
func trimSources(folder string) {
	marker := filepath.Join(folder, "trimmed")
	if info, err := os.Stat(marker); err == nil && time.Since(info.ModTime()) < trimEvery {
		return
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || regular.Check(marker) != nil || os.WriteFile(marker, nil, 0o600) != nil {
		return
	}
	for _, name := range names {
		data, err := regular.ReadFile(name)
		if err != nil {
			continue
		}
		var record sources.Record
		if json.Unmarshal(data, &record) != nil {
			continue
		}
		if _, err := os.Stat(record.Dir); os.IsNotExist(err) {
			os.Remove(name)
		}
	}
}
