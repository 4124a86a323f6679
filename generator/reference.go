package generator

import (
	"fmt"
	"io"
	"iter"
	"text/tabwriter"

	"github.com/cachegen/cachegen/generator/internal/directive"
)

// DidYouMean is the tail of a message about a name that is unknown: it suggests the valid one that is most like it, if one is.
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
