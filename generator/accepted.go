package generator

import (
	"bytes"
	"fmt"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// AcceptedFile is the base name of a file beside a package's code. It lists changes of code that
// make no difference. It has a line for each function: its name in the package, the version of its
// code, and the version that stays.
//
//	Client.Get v1:0f3a… v1:77b2…
//
// A line holds for exactly that code. When the code changes again, the function has the version of
// the new code, and the line goes.
const AcceptedFile = "cache_accepted.txt"

const acceptedHeader = "# Changes that make no difference, said with cachegen accept: function, its code, the version that stays.\n"

// Acceptance is a line of an [AcceptedFile]: code with one version keeps another one.
type Acceptance struct{ Code, Version string }

// Accepted are the acceptances of a package by function: "Get", "Client.Get".
type Accepted map[string]Acceptance

// ParseAccepted reads an [AcceptedFile]. Lines that can't be read are reported by their number.
func ParseAccepted(data []byte) (Accepted, error) {
	accepted := Accepted{}
	line := 0
	for text := range bytes.Lines(data) {
		line++
		fields := strings.Fields(string(text))
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) != 3 || !isVersion(fields[1]) || !isVersion(fields[2]) {
			return nil, acceptedError{line, "want a function and two versions: resolve the conflict, or remove the line and run cachegen accept"}
		}
		if _, ok := accepted[fields[0]]; ok {
			return nil, acceptedError{line, fields[0] + " is there twice: keep the line that holds"}
		}
		accepted[fields[0]] = Acceptance{fields[1], fields[2]}
	}
	return accepted, nil
}

// acceptedError is a mistake in a line.
type acceptedError struct {
	line int
	msg  string
}

func (e acceptedError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.msg) }

func isVersion(s string) bool {
	digits, ok := strings.CutPrefix(s, "v1:")
	return ok && len(digits) == 32 && strings.Trim(digits, "0123456789abcdef") == ""
}

// Format returns the file's content. It returns nil if nothing is accepted; then there is no file.
func (a Accepted) Format() []byte {
	if len(a) == 0 {
		return nil
	}
	var b bytes.Buffer
	b.WriteString(acceptedHeader)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		fmt.Fprintf(&b, "%s %s %s\n", name, a[name].Code, a[name].Version)
	}
	return b.Bytes()
}

// accept replaces the versions of a package's functions by those that stay, and drops lines that no
// longer hold.
func (r *run) accept(p *annotated) {
	path := filepath.Join(p.pkg.Dir, AcceptedFile)
	old, accepted, ok := r.accepted(path)
	if !ok || old == nil {
		return
	}
	holds := Accepted{}
	for full, v := range p.versions {
		name := strings.TrimPrefix(full, p.pkg.Path+".")
		if a, ok := accepted[name]; ok && a.Code == v.Version {
			holds[name] = a
			v.Version = a.Version
			p.versions[full] = v
		}
	}
	r.result.Files = append(r.result.Files, File{Path: path, Old: old, New: holds.Format(), Why: "the code changed again"})
}

// accepted reads the file at path.
func (r *run) accepted(path string) (old []byte, accepted Accepted, ok bool) {
	old, err := readIfExists(path)
	if err == nil {
		accepted, err = ParseAccepted(old)
	}
	if err == nil {
		return old, accepted, true
	}
	pos := token.Position{Filename: path, Line: 1, Column: 1}
	if e, isLine := err.(acceptedError); isLine {
		pos.Line = e.line
		r.diags.Errorf(pos, "accept", "%s", e.msg)
	} else {
		r.diags.Errorf(pos, "accept", "%v", err)
	}
	return nil, nil, false
}
