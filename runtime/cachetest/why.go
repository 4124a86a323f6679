package cachetest

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/build"
	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// maxListed bounds the list of inputs that have a recording.
const maxListed = 5

// why returns the reason why a call has no recording.
func (p *player) why(call engine.Unrecorded) string {
	switch call.Reason {
	case cache.CodeChanged:
		return "the function's code changed since its wrapper was generated; run go generate first"
	case cache.Unkeyed, cache.NoRun:
		return fmt.Sprintf("the call can't be cached (%s)", call.Reason)
	case cache.Forgotten:
		return "the test forgot it"
	case cache.Corrupt:
		if r := p.files[call.Key]; r != nil && r.edited {
			return r.file + " was edited, so its readable result is not what it holds"
		}
		return "the recording is damaged"
	}
	if p.files[call.Key] != nil {
		return fmt.Sprintf("there is one, which may not be used here (%s)", call.Reason)
	}
	var inputs []string
	for _, r := range p.ordered() {
		switch e := r.entry; {
		case e.Func != call.Func:
		case !bytes.Equal(e.Inputs.Digest, call.Inputs.Digest):
			inputs = append(inputs, e.Inputs.Preview)
		case e.Version != call.Version:
			return fmt.Sprintf("the one for %s was made by other code (version %s, now %s)", e.Inputs.Preview, e.Version, call.Version)
		default:
			return fmt.Sprintf("the one for %s differs in the salt, in what the context or a policy says, or in the types", e.Inputs.Preview)
		}
	}
	if len(inputs) == 0 {
		return fmt.Sprintf("none of this function; it was called with %s", call.Inputs.Preview)
	}
	return fmt.Sprintf("it was called with %s, and recorded are %s", call.Inputs.Preview, list(inputs))
}

// list returns some inputs in order.
func list(inputs []string) string {
	slices.Sort(inputs)
	more := ""
	if n := len(inputs) - maxListed; n > 0 {
		inputs, more = inputs[:maxListed], fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(inputs, "; ") + more
}

// command returns the command that makes the missing recording.
func (p *player) command() string {
	parts := strings.Split(p.t.Name(), "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return fmt.Sprintf("%s=%s go test -run '%s' %s", Variable, recordMissing, strings.Join(parts, "/"), strings.TrimSuffix(build.MainPath(), ".test"))
}

// ordered returns the recordings by file.
func (p *player) ordered() []*recording {
	return slices.SortedFunc(maps.Values(p.files), func(a, b *recording) int { return strings.Compare(a.file, b.file) })
}
