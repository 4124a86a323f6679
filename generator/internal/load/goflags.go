package load

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/internal/regular"
)

// goFlags are the flags in GOFLAGS.
type goFlags []string

// parseGoFlags splits GOFLAGS as the go command does: at white space, where a flag as a whole may
// be in quotes.
func parseGoFlags(s string) goFlags {
	var flags goFlags
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		end := strings.IndexAny(s, " \t\n\r")
		if quote := s[0]; quote == '\'' || quote == '"' {
			if i := strings.IndexByte(s[1:], quote); i >= 0 {
				flags = append(flags, s[1:1+i])
				s = s[i+2:]
				continue
			}
		}
		if end < 0 {
			end = len(s)
		}
		flags = append(flags, s[:end])
		s = s[end:]
	}
	return flags
}

// value returns the value of the last flag with a name.
func (f goFlags) value(name string) string {
	value := ""
	for _, flag := range f {
		key, v, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		if key == name {
			value = v
		}
	}
	return value
}

// listing are the flags by which the go command decides what packages are made of on the pinned
// platform. All others concern how programs are built, which has no part in what is generated, or
// what a command of go prints, and -json would change the answers that are read here.
var listing = []string{"tags", "mod", "modcacherw", "overlay"}

// forPlatform are the flags that hold for the pinned platform, as GOFLAGS has them. Without -modfile,
// which belongs on the command line: go/packages also asks the go command what it asks without
// modules, and that must not have it. What is no flag stays, for the go command to complain of. It is
// never empty: then the go command would take what go env -w has set.
func (f goFlags) forPlatform() string {
	kept := []string{"-tags="}
	for _, flag := range f {
		name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		if strings.HasPrefix(flag, "-") && !slices.Contains(listing, name) {
			continue
		}
		if strings.ContainsAny(flag, " \t") {
			flag = "'" + flag + "'"
		}
		kept = append(kept, flag)
	}
	return strings.Join(kept, " ")
}

// overlay returns the files that -overlay replaces, by absolute path: nil stands for a file that is
// not there.
func (f goFlags) overlay(dir string) (map[string][]byte, error) {
	name := f.value("overlay")
	if name == "" {
		return nil, nil
	}
	base, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	absolute := func(name string) string {
		if filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(base, name)
	}
	data, err := regular.ReadFile(absolute(name))
	if err != nil {
		return nil, err
	}
	var file struct{ Replace map[string]string }
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	replaced := map[string][]byte{}
	for original, replacement := range file.Replace {
		if replacement == "" {
			replaced[absolute(original)] = nil
			continue
		}
		src, err := regular.ReadFile(absolute(replacement))
		if err != nil {
			return nil, err
		}
		replaced[absolute(original)] = src
	}
	return replaced, nil
}
