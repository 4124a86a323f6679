package entry

import (
	"encoding/binary"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// fields is how many an entry has in its array, and inputFields its inputs.
const fields, inputFields = 18, 3

// parse reads the array that b begins with into e, and returns what comes after it. Strings share
// one copy of it, and bytes share b: a general decoder took a third of the time of a hit in a
// folder. With brief, it leaves out what is for people. ok is false if b is not what
// [Entry.Encode] writes.
func (e *Entry) parse(b []byte, brief bool) (rest []byte, ok bool) {
	p := parser{b: b}
	if !brief {
		n, ok := length(b, 3)
		if !ok {
			return nil, false
		}
		p.s = string(b[:n])
	}
	if p.head(array) != fields {
		return nil, false
	}
	if digest := p.bytes(); len(digest) == len(e.Key) {
		e.Key = key.Key(digest)
	} else {
		p.failed = true
	}
	e.Project, e.Domain, e.Namespace, e.Version, e.Func = p.text(), p.text(), p.text(), p.text(), p.text()
	e.Build, e.Revision, e.Run = p.texts(), p.text(), p.text()
	e.Began, e.Completed, e.Cost, e.Codec = p.number(), p.number(), time.Duration(p.number()), p.word()
	e.Tags, e.Marks, e.Tombstone, e.Error = list(&p, p.word), list(&p, p.number), p.truth(), p.text()
	if p.head(array) != inputFields {
		return nil, false
	}
	e.Inputs.Digest, e.Inputs.Preview, e.Inputs.Full = p.bytes(), p.text(), p.bytes()
	return b[p.at:], !p.failed
}

// The major types of CBOR that there are in an entry.
const (
	positive = 0
	negative = 1
	binaries = 2
	texts    = 3
	array    = 4
	simple   = 7

	isFalse, isTrue, isNull = 20, 21, 22
)

// parser reads items one after the other from bytes. What is not as expected makes it fail, and
// everything afterwards.
type parser struct {
	b      []byte
	s      string // of what b begins with; "" if texts are left out
	at     int
	failed bool
}

// head reads the head of an item of a major type and returns its argument, or fails.
func (p *parser) head(major byte) int {
	m, n, size, ok := headOf(p.b[p.at:])
	if !ok || m != major || n > 1<<62 {
		p.failed = true
		return 0
	}
	p.at += size
	return int(n)
}

// null reads null if that is next.
func (p *parser) null() bool {
	if p.at < len(p.b) && p.b[p.at] == simple<<5|isNull {
		p.at++
		return true
	}
	return false
}

// content skips what an item of a major type, text or bytes, has after its head, and says where it
// is.
func (p *parser) content(major byte) (from, to int) {
	n := p.head(major)
	if p.failed || n > len(p.b)-p.at {
		p.failed = true
		return 0, 0
	}
	p.at += n
	return p.at - n, p.at
}

func (p *parser) text() string {
	from, to := p.content(texts)
	if p.s == "" {
		return ""
	}
	return p.s[from:to]
}

// texts reads an array of texts, or null.
func (p *parser) texts() []string {
	if p.s != "" {
		return list(p, p.text)
	}
	if !p.null() {
		for n := p.head(array); n > 0 && !p.failed; n-- {
			p.text()
		}
	}
	return nil
}

// word reads a text that is never left out.
func (p *parser) word() string {
	from, to := p.content(texts)
	return string(p.b[from:to])
}

func (p *parser) bytes() []byte {
	if p.null() {
		return nil
	}
	from, to := p.content(binaries)
	return p.b[from:to:to]
}

func (p *parser) number() int64 {
	m, n, size, ok := headOf(p.b[p.at:])
	if !ok || m > negative || n > 1<<63-1 {
		p.failed = true
		return 0
	}
	p.at += size
	if m == negative {
		return -1 - int64(n)
	}
	return int64(n)
}

func (p *parser) truth() bool {
	n := p.head(simple)
	p.failed = p.failed || n != isFalse && n != isTrue
	return n == isTrue
}

// list reads an array of what item reads, or null.
func list[T any](p *parser, item func() T) (l []T) {
	if p.null() {
		return nil
	}
	n := p.head(array)
	if n > len(p.b)-p.at { // each takes a byte at least
		p.failed = true
	}
	if p.failed {
		return nil
	}
	l = make([]T, n)
	for i := range l {
		l[i] = item()
	}
	return l
}

// headOf returns the major type, the argument and the size of the head that b begins with.
func headOf(b []byte) (major byte, n uint64, size int, ok bool) {
	if len(b) == 0 {
		return 0, 0, 0, false
	}
	major, n = b[0]>>5, uint64(b[0]&31)
	if n < 24 {
		return major, n, 1, true
	}
	if n > 27 {
		return 0, 0, 0, false
	}
	size = 1 << (n - 24)
	if len(b) < 1+size {
		return 0, 0, 0, false
	}
	var wide [8]byte
	copy(wide[8-size:], b[1:])
	return major, binary.BigEndian.Uint64(wide[:]), 1 + size, true
}

// length returns how long the item is that b begins with, whose arrays are nested so deep at most.
func length(b []byte, depth int) (n int, ok bool) {
	major, arg, n, ok := headOf(b)
	switch sized := major == texts || major == binaries || major == array; {
	case !ok || depth == 0 || sized && arg > uint64(len(b)):
		return 0, false
	case major == array:
		for range arg {
			k, ok := length(b[n:], depth-1)
			if !ok {
				return 0, false
			}
			n += k
		}
	case sized:
		n += int(arg)
	case major > array && major != simple:
		return 0, false
	}
	return n, n <= len(b)
}
