package sources

import "bytes"

// appendCode appends Go source without its comments and without the white space that makes no
// difference to what it says. It is not a scanner: what two sources with different tokens come to
// differs, what two with the same tokens come to may.
func appendCode(b, src []byte) []byte {
	var space, newline bool // before what comes next
	for len(src) > 0 {
		switch n := gap(src); {
		case n == 0:
			n = word(src)
			b = join(b, src[0], space, newline)
			b, src = append(b, src[:n]...), src[n:]
			space, newline = false, false
		case isDirective(src[:n]):
			b = append(join(b, '/', true, true), src[:n]...)
			space, newline, src = true, true, src[n:]
		default:
			space, newline = true, newline || bytes.IndexByte(src[:n], '\n') >= 0
			src = src[n:]
		}
	}
	return b
}

// gap returns the length of the comment or white space that src begins with, without the line's end
// after a comment.
func gap(src []byte) int {
	switch {
	case bytes.HasPrefix(src, []byte("//")):
		return lengthTo(src, "\n")
	case bytes.HasPrefix(src, []byte("/*")):
		n := lengthTo(src[2:], "*/")
		return min(2+n+2, len(src))
	case bytes.IndexByte([]byte(" \t\r\n"), src[0]) >= 0:
		return 1
	}
	return 0
}

// lengthTo returns how much there is before end, everything if there is none.
func lengthTo(src []byte, end string) int {
	if n := bytes.Index(src, []byte(end)); n >= 0 {
		return n
	}
	return len(src)
}

// word returns the length of the literal that src begins with, or of what comes before a literal, a
// comment or white space.
func word(src []byte) int {
	quote := src[0]
	if quote != '"' && quote != '\'' && quote != '`' {
		return 1 + max(bytes.IndexAny(src[1:], " \t\r\n/\"'`"), 0)
	}
	for i := 1; i < len(src); i++ {
		switch {
		case src[i] == quote:
			return i + 1
		case src[i] == '\\' && quote != '`':
			i++
		}
	}
	return len(src)
}

// isDirective reports whether a comment says something to the compiler or to us: //go:embed, //cache:auto, //export, //line.
func isDirective(comment []byte) bool {
	text, ok := bytes.CutPrefix(comment, []byte("//"))
	if !ok {
		return false
	}
	name, _, _ := bytes.Cut(text, []byte(" "))
	switch string(name) {
	case "export", "line", "extern":
		return true
	}
	tool, _, ok := bytes.Cut(name, []byte(":"))
	return ok && len(tool) > 0 && !bytes.ContainsFunc(tool, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// join appends what must be between the end of b and next: the line's end, where Go may put a semicolon, or a space, where the two would
// otherwise be one token.
func join(b []byte, next byte, space, newline bool) []byte {
	if len(b) == 0 {
		return b
	}
	last := b[len(b)-1]
	switch {
	case newline:
		return append(b, '\n')
	case space && class(last) == class(next) && class(next) != single:
		return append(b, ' ')
	}
	return b
}

// The classes of characters that make tokens together.
const (
	single = iota
	letter
	operator
)

func class(c byte) int {
	switch {
	case c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80:
		return letter
	case bytes.IndexByte([]byte("+-*/%&|^<>=!:.~"), c) >= 0:
		return operator
	}
	return single
}
