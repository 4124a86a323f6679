package directive

import (
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Arg is an option as a line has it, its value checked for its kind.
type Arg struct {
	Option Option
	// Off says that the option is switched off: name=off.
	Off bool
	// Text is the value without quotes; "" for a flag, and what was written if Off.
	Text string
	// Items are the values: one, but for lists; none for a flag or if Off.
	Items []Item
	// Pos is where the option's name begins, ValuePos its value (the name, for a flag).
	Pos, ValuePos token.Position
}

// Item is a value, or an element of a list of values.
type Item struct {
	// Kind is which of the option's kinds the value is.
	Kind Kind
	Text string
	Pos  token.Position

	Duration time.Duration // for kind Duration
	Count    int           // for kind Count
	Template []Part        // for kind Template
	Path     []Step        // for kind Path
}

// Is reports whether the argument has word as a value: per=run, policy=body; max-age=0 for any zero
// duration.
func (a *Arg) Is(word string) bool {
	return slices.ContainsFunc(a.Items, func(i Item) bool {
		return i.Kind == Word && i.Text == word || i.Kind == Duration && i.Duration == 0 && word == "0"
	})
}

// String is the argument as a line can have it: it parses to itself.
func (a *Arg) String() string {
	switch {
	case a.Off:
		return a.Option.Name + "=off"
	case len(a.Items) == 0:
		return a.Option.Name
	}
	return a.Option.Name + "=" + quoteValue(a.Text)
}

// quoteValue quotes a value that can't stand bare.
func quoteValue(s string) string {
	if strings.ContainsAny(s, "\"`") || strings.ContainsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }) {
		return strconv.Quote(s)
	}
	return s
}

// argParser makes arguments of the words of one line.
type argParser struct {
	position func(offset int) token.Position
	errorf   func(pos token.Position, format string, args ...any)
}

// parse makes an argument of w. It is nil if the option is unknown or its value wrong: that has been reported.
func (p argParser) parse(w word) *Arg {
	name, _, valued := strings.Cut(w.text, "=")
	pos := p.position(w.at[0])
	option, ok := LookupOption(name)
	if !ok {
		p.unknown(pos, name)
		return nil
	}
	arg := &Arg{Option: option, Pos: pos, ValuePos: pos}
	if !valued {
		if !option.Kind.Has(Flag) {
			p.errorf(pos, "%s lacks its value: write %s=%s", name, name, option.Value)
			return nil
		}
		return arg
	}
	value := w.from(len(name) + 1)
	arg.Text, arg.ValuePos = value.text, p.position(value.at[0])
	switch {
	case value.text == "off":
		return p.off(arg)
	case strings.TrimSpace(value.text) == "":
		p.errorf(arg.ValuePos, "%s= has no value", name)
		return nil
	case option.Kind == Flag:
		p.errorf(arg.ValuePos, "%s takes no value: write %s, or %s=off", name, name, name)
		return nil
	}
	return p.values(arg, value)
}

// unknown reports an option that doesn't exist.
func (p argParser) unknown(pos token.Position, name string) {
	if _, ok := lookupForm(name); ok {
		p.errorf(pos, "%s is a directive, not an option: a function has one line //cache:%s", name, name)
		return
	}
	p.errorf(pos, "unknown option %q%s; cachegen help options lists them", name, DidYouMean(suggestOption(name)))
}

// off makes the argument one that switches its option off.
func (p argParser) off(arg *Arg) *Arg {
	if !arg.Option.Default {
		p.errorf(arg.ValuePos, "%s=off: a package default can't have %s, so there is nothing to switch off", arg.Option.Name, arg.Option.Name)
		return nil
	}
	arg.Off = true
	return arg
}

// values fills in the argument's items.
func (p argParser) values(arg *Arg, value word) *Arg {
	elements := []word{value}
	if arg.Option.Kind.Has(List) {
		elements = value.split(",")
	}
	good := true
	for _, element := range elements {
		if arg.Option.Kind.Has(List) {
			element = element.trim()
		}
		pos := p.position(element.at[0])
		item, err := p.item(arg.Option, element)
		switch syntax, _ := errors.AsType[*syntaxError](err); {
		case syntax != nil:
			p.errorf(p.position(syntax.at), "%s: %s", arg.Option.Name, syntax.msg)
		case err != nil:
			p.errorf(pos, "%s: %s", arg.Option.Name, err)
		case slices.ContainsFunc(arg.Items, func(i Item) bool { return i.Text == item.Text }):
			p.errorf(pos, "%s has %s twice", arg.Option.Name, item.Text)
		default:
			item.Pos = pos
			arg.Items = append(arg.Items, item)
			continue
		}
		good = false
	}
	if !good {
		return nil
	}
	return arg
}

// item reads one value of the option.
func (p argParser) item(o Option, w word) (Item, error) {
	s := w.text
	switch {
	case s == "":
		return Item{}, errors.New("an element of the list is empty")
	case o.Kind.Has(Duration) && (!o.Kind.Has(Func) || strings.ContainsRune("-+.0123456789", rune(s[0]))):
		d, err := parseDuration(s)
		if err != nil {
			return Item{}, fmt.Errorf("bad duration %q: %w", s, err)
		}
		return Item{Kind: Duration, Text: s, Duration: d}, nil
	case o.Kind.Has(Word) && slices.Contains(o.Words, s):
		return Item{Kind: Word, Text: s}, nil
	case o.Kind.Has(Func):
		return funcItem(s)
	case o.Kind.Has(Word):
		return Item{}, fmt.Errorf("unknown value %q%s: %s", s, DidYouMean(Nearest(s, slices.Values(o.Words))), strings.Join(o.Words, " or "))
	case o.Kind.Has(Param):
		if !token.IsIdentifier(s) || s == "_" {
			return Item{}, fmt.Errorf("%q is no parameter's name", s)
		}
		return Item{Kind: Param, Text: s}, nil
	case o.Kind.Has(Path):
		path, err := parsePath(s)
		return Item{Kind: Path, Text: s, Path: path}, err
	case o.Kind.Has(Result):
		if !token.IsIdentifier(s) || s == "_" {
			return Item{}, fmt.Errorf("%q is no result's name", s)
		}
		return Item{Kind: Result, Text: s}, nil
	case o.Kind.Has(Type):
		if !isTypeName(strings.TrimPrefix(s, "*")) {
			return Item{}, fmt.Errorf("%q names no type: write T, *T, or pkg.T of a package that the file imports", s)
		}
		return Item{Kind: Type, Text: s}, nil
	case o.Kind.Has(Ident):
		if !token.IsIdentifier(s) || s == "_" {
			return Item{}, fmt.Errorf("%q is no Go identifier", s)
		}
		return Item{Kind: Ident, Text: s}, nil
	case o.Kind.Has(Count):
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil || n <= 0 {
			return Item{}, fmt.Errorf("%q is no positive number (up to 2147483647)", s)
		}
		return Item{Kind: Count, Text: s, Count: int(n)}, nil
	}
	if i := unprintable(s); i >= 0 {
		return Item{}, &syntaxError{w.at[i], fmt.Sprintf("%q has a character that can't be printed", s)}
	}
	if !o.Kind.Has(Template) {
		return Item{Kind: Text, Text: s}, nil
	}
	parts, err := parseTemplate(w, p.position)
	return Item{Kind: Template, Text: s, Template: parts}, err
}

// isTypeName reports whether s is T or pkg.T.
func isTypeName(s string) bool {
	pkg, name, qualified := strings.Cut(s, ".")
	if !qualified {
		return token.IsIdentifier(s) && s != "_"
	}
	return token.IsIdentifier(pkg) && token.IsIdentifier(name) && token.IsExported(name)
}

// funcItem reads the name of a function: fn or pkg.Fn.
func funcItem(s string) (Item, error) {
	pkg, name, qualified := strings.Cut(s, ".")
	if !qualified {
		pkg, name = "x", pkg
	}
	switch {
	case !token.IsIdentifier(pkg) || pkg == "_" || !token.IsIdentifier(name) || name == "_":
		return Item{}, fmt.Errorf("%q names no function: write fn, or pkg.Fn of a package that the file imports", s)
	case qualified && !token.IsExported(name):
		return Item{}, fmt.Errorf("%s is not exported by its package", s)
	}
	return Item{Kind: Func, Text: s}, nil
}
