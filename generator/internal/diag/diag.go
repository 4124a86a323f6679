// Package diag collects what the generator has to say about code: errors and warnings with a
// position and a remedy.
package diag

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
)

// Severity says whether a diagnostic stops generation.
type Severity uint8

const (
	// Error stops the generation of its package.
	Error Severity = iota
	// Warning is printed and, with -werror, an error.
	Warning
)

// Diagnostic is one thing to say, at one place. Its message is a sentence without a full stop that
// says what is wrong and what to do, like the compiler's.
type Diagnostic struct {
	Pos      token.Position
	End      token.Position // zero if unknown
	Severity Severity
	Category string // a short stable name, such as "directive", "input", "result", "version", "clock"
	Message  string
	// Function is the namespace of the cached function that the diagnostic concerns, or "".
	Function string
	// Vouched says that the option reviewed answers an error, and silences all that it silences.
	Vouched bool
	// Page is the code of the manual's page about the diagnostic, or "".
	Page string
}

// String is the diagnostic as the command prints it: "file:line:col: message (cachegen help E301)". What has no place is the message alone.
func (d Diagnostic) String() string {
	prefix := ""
	if d.Pos.Filename != "" || d.Pos.IsValid() {
		prefix = d.Pos.String() + ": "
	}
	if d.Severity == Warning {
		prefix += "warning: "
	}
	page := ""
	if d.Page != "" {
		page = " (cachegen help " + d.Page + ")"
	}
	return prefix + d.Message + page
}

// List is a collection of diagnostics. The zero value is empty and ready for use. It is not safe
// for concurrent use.
type List struct{ all []Diagnostic }

// Add appends d.
func (l *List) Add(d ...Diagnostic) { l.all = append(l.all, d...) }

// Errorf adds an error.
func (l *List) Errorf(pos token.Position, category, format string, args ...any) {
	l.Add(Diagnostic{Pos: pos, Category: category, Message: fmt.Sprintf(format, args...)})
}

// Warnf adds a warning.
func (l *List) Warnf(pos token.Position, category, format string, args ...any) {
	l.Add(Diagnostic{Pos: pos, Severity: Warning, Category: category, Message: fmt.Sprintf(format, args...)})
}

// HasErrors reports whether there is an error among the diagnostics.
func (l *List) HasErrors() bool {
	return slices.ContainsFunc(l.all, func(d Diagnostic) bool { return d.Severity == Error })
}

// Sorted returns the diagnostics by position, without duplicates.
func (l *List) Sorted() []Diagnostic {
	s := slices.Clone(l.all)
	slices.SortStableFunc(s, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Severity, b.Severity),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.CompactFunc(s, func(a, b Diagnostic) bool { return a.Severity == b.Severity && a.String() == b.String() })
}

// IsWarning reports whether the diagnostic is a warning, so that generation may go on.
func (d Diagnostic) IsWarning() bool { return d.Severity == Warning }
