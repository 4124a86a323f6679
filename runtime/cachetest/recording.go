package cachetest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

// recording is a file with the result of a call:
//
//	A cached call, recorded for tests. Don't edit: remove the file, and the next run records anew.
//
//	function  example.com/weather.Forecast
//	version   v1:0f3a…
//	inputs    City:"Berlin" Days:3
//	recorded  2026-11-27 17:00 UTC, took 1.2s
//	within    (the key of the recorded call that made this one)
//
//	result
//	    City: Berlin
//	    …
//
//	data
//	    (the entry as stores have it, in base64)
//
// People read the result, and programs read the data. The two are compared when the recording is
// used.
type recording struct {
	file   string
	entry  *entry.Entry
	stamp  int64 // of the entry in the store
	result string
	within key.Key
	// used means that the test asked for the recording, fresh that this run recorded it, and edited
	// that its parts don't agree.
	used, fresh, edited bool
}

const (
	extension = ".txt"
	preamble  = "A cached call, recorded for tests. Don't edit: remove the file, and the next run records anew.\n"
	indent    = "    "
	lineWidth = 96
)

// name returns the name of the file: the function's short name, and the beginning of the key.
func (r *recording) name() string {
	function := r.entry.Func[strings.LastIndexByte(r.entry.Func, '/')+1:]
	_, function, _ = strings.Cut(function, ".")
	return fileName(function) + "-" + r.entry.Key.String()[:16] + extension
}

// same reports whether o records the same result.
func (r *recording) same(o *recording) bool {
	return r.entry.Func == o.entry.Func && r.entry.Version == o.entry.Version && r.result == o.result && bytes.Equal(r.entry.Payload, o.entry.Payload)
}

// write writes the file, whole or not at all.
func (r *recording) write() error {
	data, err := r.format()
	if err != nil {
		return err
	}
	dir := filepath.Dir(r.file)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, "*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // unless it was renamed
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), r.file)
}

// format returns the file's content.
func (r *recording) format() ([]byte, error) {
	data, err := r.entry.Encode()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(preamble + "\n")
	e := r.entry
	fmt.Fprintf(&b, "function  %s\nversion   %s\ninputs    %s\n", e.Func, e.Version, e.Inputs.Preview)
	fmt.Fprintf(&b, "recorded  %s, took %s\n", time.Unix(0, e.Completed).UTC().Format("2006-01-02 15:04 MST"), e.Cost.Round(time.Microsecond))
	if r.within != (key.Key{}) {
		fmt.Fprintf(&b, "within    %s\n", r.within)
	}
	fmt.Fprintf(&b, "\nresult\n%s\n\ndata\n", indented(r.result))
	for text := base64.StdEncoding.EncodeToString(data); text != ""; {
		n := min(len(text), lineWidth)
		fmt.Fprintf(&b, "%s%s\n", indent, text[:n])
		text = text[n:]
	}
	return b.Bytes(), nil
}

// indented returns a text with its lines indented, but for empty ones.
func indented(text string) string {
	return indent + strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n"+indent), "\n"+indent+"\n", "\n\n")
}

var errFormat = errors.New("is no recording, or was damaged")

// parse reads a file's content.
func parse(data []byte) (*recording, error) {
	text := strings.ReplaceAll(string(data), "\r\n", "\n") // git may have changed the ends of lines
	head, rest, ok := strings.Cut(text, "\nresult\n"+indent)
	i := strings.LastIndex(rest, "\n\ndata\n")
	if !ok || i < 0 {
		return nil, errFormat
	}
	r := &recording{result: strings.ReplaceAll(rest[:i], "\n"+indent, "\n")}
	if _, within, ok := strings.Cut(head, "\nwithin    "); ok {
		k, err := key.Parse(strings.TrimSpace(within))
		if err != nil {
			return nil, errFormat
		}
		r.within = k
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(rest[i+len("\n\ndata\n"):]), ""))
	if err != nil {
		return nil, errFormat
	}
	if r.entry, err = entry.Decode(raw); err != nil {
		return nil, errFormat
	}
	r.stamp = r.entry.Began
	return r, nil
}
