package directive

import (
	"iter"
	"slices"
)

// Form is a kind of line: //cache:NAME.
type Form struct {
	Name string
	// Usage is the line as help shows it.
	Usage string
	// Doc is one line of help.
	Doc string
	// Behaviour is what the line asks for, if it is a behaviour line.
	Behaviour Behaviours
}

var forms = []Form{
	{"auto", "//cache:auto [options]", "cached; the version is computed from the code", Auto},
	{"override", "//cache:override version=V [options]", "cached; the version is V and nothing else", Override},
	{"disable", "//cache:disable [options]", "the wrapper exists and calls the function; options are still checked", Disable},
	{"with", "//cache:with options", "more options for the line above", 0},
	{
		"default", "//cache:default BEHAVIOUR [options]",
		"in the package's doc comment, once a package: defaults, which a function's own options replace one by one (=off takes one back)", 0,
	},
	{"inherit", "//cache:inherit [options]", "behaviour and options of the package default", Inherit},
	{
		"reviewed", "//cache:reviewed",
		"on any function or package variable: what it does is no input of a result; silences the warnings through it", 0,
	},
}

// Forms yields the kinds of lines in the order of the reference.
func Forms() iter.Seq[Form] { return slices.Values(forms) }

func lookupForm(name string) (Form, bool) {
	i := slices.IndexFunc(forms, func(f Form) bool { return f.Name == name })
	if i < 0 {
		return Form{}, false
	}
	return forms[i], true
}

func formNames(yield func(string) bool) {
	for _, f := range forms {
		if !yield(f.Name) {
			return
		}
	}
}

// String names a single behaviour as directives spell it.
func (b Behaviours) String() string {
	for _, f := range forms {
		if f.Behaviour == b && b != 0 {
			return f.Name
		}
	}
	return "none"
}
