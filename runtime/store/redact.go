package store

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// hidden stands for what a message must not tell.
const hidden = "xxxxx"

// shortest is the length of the shortest text that is looked for: shorter ones are everywhere.
const shortest = 3

// Redact returns err with secrets removed from its text. Secret are the user and the password in u,
// the fragment, and the values of options. A part of an option's name may be secret too: it may be
// the rest of a password that was not escaped. [errors.Is] finds the same errors behind. [Open] and
// [Check] redact their errors; drivers redact the errors of later calls.
func Redact(u *url.URL, err error) error { return redact(err, secrets(u)) }

// redactAll is Redact for a URL that can't be right, in which a secret may be anywhere.
func redactAll(u *url.URL, err error) error {
	return redact(err, append(secrets(u), u.Host, u.Hostname(), u.Port(), u.Path, strings.Trim(u.Path, "/"), u.Opaque))
}

// secrets returns the texts in u that may be secret.
func secrets(u *url.URL) []string {
	texts := []string{u.Fragment, u.RawFragment}
	if u.User != nil {
		password, _ := u.User.Password()
		texts = append(texts, u.User.Username(), password)
	}
	for _, path := range []string{u.Opaque, u.Path} { // One slash too many or too few, and a user is a part of them.
		at := strings.LastIndex(path, "@")
		if colon := strings.Index(path, ":"); 0 <= colon && colon < at {
			texts = append(texts, path[colon+1:at])
		}
		for part := range strings.SplitSeq(path, "/") {
			if strings.Contains(part, "@") {
				texts = append(texts, part)
			}
		}
	}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if !isPlainName(name) {
			texts = append(texts, name, unescaped(name))
		}
		if !isReference(name, unescaped(value)) {
			texts = append(texts, value, unescaped(value))
		}
	}
	return texts
}

// isPlainName reports whether an option's name consists of small letters and dashes.
func isPlainName(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' && r != '_' })
}

// isReference reports whether an option says where a secret is, instead of what it is.
func isReference(name, value string) bool {
	return name == "encrypt" && (strings.HasPrefix(value, "env:") || strings.HasPrefix(value, "file:"))
}

func unescaped(text string) string {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return plain
}

func redact(err error, texts []string) error {
	if err == nil {
		return nil
	}
	before := err.Error()
	after := before
	for _, form := range forms(texts) {
		after = strings.ReplaceAll(after, form, hidden)
	}
	if after == before {
		return err
	}
	return &redacted{after, err}
}

// forms returns the forms in which a message may contain the texts, the longest first.
func forms(texts []string) (all []string) {
	for _, text := range texts {
		quoted := strconv.Quote(text)
		all = append(all, text, quoted[1:len(quoted)-1], url.QueryEscape(text), url.PathEscape(text), url.UserPassword("", text).String()[1:])
	}
	all = slices.DeleteFunc(all, func(form string) bool { return len(form) < shortest })
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return slices.Compact(all)
}

// redacted is an error with another text.
type redacted struct {
	text string
	err  error
}

func (e *redacted) Error() string { return e.text }

func (e *redacted) Unwrap() error { return e.err }
