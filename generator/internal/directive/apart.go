package directive

import "strings"

// apart reports what belongs together and stands apart, as in "max-age = 10m" and "ignore=a, b",
// and a comma between options. The word w ends at offset from; end is where what was reported does.
func (p *lineParser) apart(w word, from int) (end int, reported bool) {
	name, value, valued := strings.Cut(w.text, "=")
	option, known := LookupOption(name)
	next, after, ok, err := cutWord(p.text, from)
	ok = ok && err == nil && !isOption(next.text)
	switch comma := p.text[from-1] == ','; {
	case comma && ok && option.Kind.Has(List):
		p.errorf(p.position(from), "a list has no spaces: write %s", w.text+next.text)
		return p.listEnd(after), true
	case comma && known && option.Kind&(List|Text|Template) == 0:
		p.errorf(p.position(from-1), "options are separated by spaces: drop the comma")
		return from, true
	case ok && known && (valued && value == "" && p.text[from-1] == '=' || !valued && next.text[0] == '='):
		written := w.text + next.text
		if next.text == "=" {
			if last, end, ok, err := cutWord(p.text, after); ok && err == nil {
				written, after = written+last.text, end
			}
		}
		p.errorf(p.position(from), "an option has no spaces around =: write %s", written)
		return after, true
	}
	return from, false
}

// listEnd returns where a list ends, of which a word ends at end.
func (p *lineParser) listEnd(end int) int {
	for p.text[end-1] == ',' {
		next, after, ok, err := cutWord(p.text, end)
		if !ok || err != nil || isOption(next.text) {
			break
		}
		end = after
	}
	return end
}

func isOption(word string) bool {
	name, _, _ := strings.Cut(word, "=")
	_, ok := LookupOption(name)
	return ok
}
