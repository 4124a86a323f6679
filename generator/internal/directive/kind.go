package directive

// Kind says what the value of an option can be. Kinds combine: a max-age is Duration|Func, a list
// of functions Func|List.
type Kind uint16

// The kinds of values.
const (
	// Flag is an option without a value.
	Flag Kind = 1 << iota
	// Duration is as in Go, with d for days, or a bare number of seconds. It is not negative.
	Duration
	// Count is a positive integer.
	Count
	// Word is one of the words that the option lists.
	Word
	// Func is a function of the package, or pkg.Func of one that the file imports.
	Func
	// Param is a parameter's name, or the receiver's, or "receiver".
	Param
	// Path is a parameter, a field of one, or what a method without arguments of either returns: q,
	// c.Host, repo.Owner().
	Path
	// Result is the name of a result, or of its type where it has none.
	Result
	// Type is a type: T, *T, pkg.T or *pkg.T.
	Type
	// Ident is a Go identifier.
	Ident
	// Text is anything printable.
	Text
	// Template is text with {placeholders}.
	Template
	// List says that several values may be given, with commas between them.
	List
)

// Has reports whether k contains all of other.
func (k Kind) Has(other Kind) bool { return k&other == other }
