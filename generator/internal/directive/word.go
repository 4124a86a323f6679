package directive

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a word of a line without its quotes.
type word struct {
	text string
	// at holds the offset in the line of each byte of text, and of what follows it.
	at []int
}

// from is the word without its first i bytes.
func (w word) from(i int) word { return word{w.text[i:], w.at[i:]} }

// to is the first i bytes of the word.
func (w word) to(i int) word { return word{w.text[:i], w.at[:i+1]} }

// trim is the word without surrounding space.
func (w word) trim() word {
	w = w.from(len(w.text) - len(strings.TrimLeftFunc(w.text, unicode.IsSpace)))
	return w.to(len(strings.TrimRightFunc(w.text, unicode.IsSpace)))
}

// split cuts the word at each sep.
func (w word) split(sep string) []word {
	var parts []word
	for {
		i := strings.Index(w.text, sep)
		if i < 0 {
			return append(parts, w)
		}
		parts = append(parts, w.to(i))
		w = w.from(i + len(sep))
	}
}

// syntaxError is an error at an offset of the line.
type syntaxError struct {
	at  int
	msg string
}

func (e *syntaxError) Error() string { return e.msg }

// cutWord cuts the first word off line[from:] and returns the offset after it. Without a word, or
// before a comment, ok is false.
func cutWord(line string, from int) (w word, end int, ok bool, err error) {
	start := len(line) - len(strings.TrimLeftFunc(line[from:], unicode.IsSpace))
	if start == len(line) || strings.HasPrefix(line[start:], "//") {
		return word{}, len(line), false, nil
	}
	end = start
	for end < len(line) {
		c, size := utf8.DecodeRuneInString(line[end:])
		if unicode.IsSpace(c) {
			break
		}
		if c != '"' && c != '`' {
			w.verbatim(line, end, size)
			end += size
			continue
		}
		if end != start && !(strings.HasSuffix(w.text, "=") && strings.Count(w.text, "=") == 1) {
			msg := fmt.Sprintf(`a quote inside a word: write "name=value" or name="value", not %s`, line[start:])
			return word{}, end, false, &syntaxError{end, msg}
		}
		if end, err = w.quoted(line, end); err != nil {
			return word{}, end, false, err
		}
		if next, _ := utf8.DecodeRuneInString(line[end:]); end < len(line) && !unicode.IsSpace(next) {
			return word{}, end, false, &syntaxError{end, fmt.Sprintf("a space is missing after the quoted %s", line[start:end])}
		}
	}
	w.at = append(w.at, end)
	return w, end, true, nil
}

// verbatim appends line[i:i+size] as it is.
func (w *word) verbatim(line string, i, size int) {
	w.text += line[i : i+size]
	for j := range size {
		w.at = append(w.at, i+j)
	}
}

// quoted appends the contents of the Go string that begins at line[i] and returns the offset after it.
func (w *word) quoted(line string, i int) (end int, err error) {
	q, err := strconv.QuotedPrefix(line[i:])
	if err != nil {
		return i, &syntaxError{i, fmt.Sprintf("the quoted string %s does not end, or has an escape that Go doesn't know", line[i:])}
	}
	end = i + len(q)
	if q[0] == '`' {
		w.verbatim(line, i+1, len(q)-2)
		return end, nil
	}
	for rest := q[1 : len(q)-1]; rest != ""; {
		at := end - 1 - len(rest)
		c, multibyte, tail, err := strconv.UnquoteChar(rest, '"')
		if err != nil {
			return i, &syntaxError{at, fmt.Sprintf("bad escape in %s", q)}
		}
		encoded := string([]byte{byte(c)})
		if c >= utf8.RuneSelf && multibyte {
			encoded = string(c)
		}
		w.text += encoded
		for range len(encoded) {
			w.at = append(w.at, at)
		}
		rest = tail
	}
	return end, nil
}
