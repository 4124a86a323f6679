package generator

import (
	"fmt"
	"io"
	"iter"
	"text/tabwriter"

	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/generator/internal/manual"
)

// PageAbout is the code of the manual's page about a message, such as E301, or "".
func PageAbout(message string) string {
	if p := manual.Find(message); p != nil {
		return p.Code
	}
	return ""
}

// WritePage prints the page of the manual with a code: what the message means, with an example of
// the mistake and of each way out. It reports whether there is one.
func WritePage(w io.Writer, code string) (bool, error) {
	p := manual.Lookup(code)
	if p == nil {
		return false, nil
	}
	return true, p.Write(w)
}

// WritePages prints the codes of all pages with their titles.
func WritePages(w io.Writer) error {
	for p := range manual.Pages() {
		if _, err := fmt.Fprintf(w, "%s  %s\n", p.Code, p.Title); err != nil {
			return err
		}
	}
	return nil
}

// DidYouMean is the tail of a message about a name that is unknown: it suggests the valid one that
// is most like it, if one is.
func DidYouMean(name string, valid iter.Seq[string]) string {
	return directive.DidYouMean(directive.Nearest(name, valid))
}

// WriteDirectives prints the kinds of directives, from the table that the parser reads them with.
func WriteDirectives(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for f := range directive.Forms() {
		fmt.Fprintf(t, "\t%s\t%s\n", f.Usage, f.Doc)
	}
	return t.Flush()
}

// WriteOptions prints the options of directives, from the same table.
func WriteOptions(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for o := range directive.Options() {
		fmt.Fprintf(t, "\t%s\t%s\n", o.Usage(), o.Doc)
	}
	return t.Flush()
}
