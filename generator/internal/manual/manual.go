// Package manual says of every message of the generator and its command what is meant: with an example of the mistake, and one of each way out. The
// pages are what cachegen help prints, what messages are looked up in, and what tests follow.
package manual

import (
	"embed"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/tools/txtar"
)

// Page is about one kind of message.
type Page struct {
	// Code is what it is called: E301.
	Code, Title string
	// Says are the messages that it is about; "…" stands for what differs.
	Says []string
	// Text is prose.
	Text string
	// Mistake is code, without its package clause, that gets one of the messages; "" where there is none to show.
	Mistake string
	Ways    []Way
	// Calls are expressions that call the function F of the examples, for tests of what they return.
	Calls []string
}

// Way is a way out.
type Way struct {
	// Title is what the message says, or what else helps.
	Title, Code string
	// Leads is the code of the page that comes next, where the way leads on.
	Leads string
}

//go:embed pages/*.txt
var files embed.FS

// pages reads all pages, once.
var pages = sync.OnceValue(func() []*Page {
	var all []*Page
	entries, err := files.ReadDir("pages")
	if err != nil {
		panic(err) // they are part of the binary
	}
	for _, e := range entries {
		data, err := files.ReadFile("pages/" + e.Name())
		if err != nil {
			panic(err)
		}
		for part := range strings.SplitSeq("\n"+string(data), "\n# ") {
			if strings.TrimSpace(part) != "" {
				all = append(all, parse(part))
			}
		}
	}
	return all
})

// Pages iterates over all pages in order of their codes.
func Pages() iter.Seq[*Page] {
	return func(yield func(*Page) bool) {
		for _, p := range pages() {
			if !yield(p) {
				return
			}
		}
	}
}

// leads ends the title of a way that leads to another message.
var leads = regexp.MustCompile(` → (E\d+)$`)

func parse(text string) *Page {
	archive := txtar.Parse([]byte(text))
	head, rest, _ := strings.Cut(string(archive.Comment), "\n")
	p := &Page{}
	p.Code, p.Title, _ = strings.Cut(head, " ")
	var prose []string
	for line := range strings.SplitSeq(rest, "\n") {
		if says, ok := strings.CutPrefix(line, "says "); ok {
			p.Says = append(p.Says, says)
		} else {
			prose = append(prose, line)
		}
	}
	p.Text = strings.TrimSpace(strings.Join(prose, "\n"))
	for _, f := range archive.Files {
		code := strings.TrimSpace(string(f.Data))
		switch f.Name {
		case "mistake":
			p.Mistake = code
		case "calls":
			p.Calls = strings.Split(code, "\n")
		default:
			w := Way{Title: f.Name, Code: code}
			if m := leads.FindStringSubmatch(f.Name); m != nil {
				w.Title, w.Leads = strings.TrimSuffix(f.Name, m[0]), m[1]
			}
			p.Ways = append(p.Ways, w)
		}
	}
	return p
}

// pattern is a message that is looked for.
type pattern struct {
	re   *regexp.Regexp
	size int // of what does not differ
	page *Page
}

var patterns = sync.OnceValue(func() []pattern {
	var all []pattern
	for _, p := range pages() {
		for _, says := range p.Says {
			re := regexp.MustCompile("(?s)" + strings.ReplaceAll(regexp.QuoteMeta(says), "…", ".*?"))
			all = append(all, pattern{re, len(strings.ReplaceAll(says, "…", "")), p})
		}
	}
	return all
})

// Find returns the page about a message: the one that has most of its words; nil if there is none.
func Find(message string) *Page {
	var found *Page
	most := 0
	for _, p := range patterns() {
		if p.size > most && p.re.MatchString(message) {
			found, most = p.page, p.size
		}
	}
	return found
}

// Lookup returns the page with a code, nil if there is none.
func Lookup(code string) *Page {
	for _, p := range pages() {
		if strings.EqualFold(p.Code, code) {
			return p
		}
	}
	return nil
}

// Write prints a page.
func (p *Page) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", p.Code, p.Title)
	if p.Text != "" {
		fmt.Fprintf(&b, "\n%s\n", p.Text)
	}
	if p.Mistake != "" {
		fmt.Fprintf(&b, "\nFor example:\n\n%s\n", indent(p.Mistake))
	}
	for _, way := range p.Ways {
		fmt.Fprintf(&b, "\nTo %s:\n\n%s\n", way.Title, indent(way.Code))
		if way.Leads != "" {
			fmt.Fprintf(&b, "\nThat may lead to %s.\n", way.Leads)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func indent(code string) string {
	return "    " + strings.ReplaceAll(code, "\n", "\n    ")
}
