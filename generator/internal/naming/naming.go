// Package naming says what generated declarations are called. Stubs, which are made from syntax
// before anything is type-checked, and generated code, which is made from types, have to agree
// about it.
package naming

import (
	"go/token"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// Names are the identifiers generated for one function.
type Names struct {
	// Wrapper is the function's or method's.
	Wrapper string
	// Controls, Args and Results are declared in the package's scope.
	Controls, Args, Results string
}

// Stems are what the names of a package's cached functions begin with, and how many functions want
// each: a method T.M and a function TM want the same.
type Stems map[string]int

// Add adds a function, or a method of receiver.
func (s Stems) Add(receiver, function string) { s[stem(receiver, "", function)]++ }

// Of returns the names for a function, or for a method of receiver. Unexported stays unexported;
// wrapper is what the name option says, or "". What belongs to a wrapper with a name of its own is
// called after the function all the same. A method that would have the names of another function
// gets longer ones: TMethodMCache.
func (s Stems) Of(receiver, function, wrapper string) Names {
	own := stem(receiver, "", function)
	if receiver != "" && s[own] > 1 {
		own = stem(receiver, "Method", function)
	}
	n := Names{Wrapper: wrapper, Controls: own + "Cache", Args: own + "Args", Results: own + "Results"}
	if wrapper == "" {
		if token.IsExported(function) {
			n.Wrapper = "Cached" + function
		} else {
			n.Wrapper = "cached" + Exported(function)
		}
	}
	return n
}

// stem is what the names begin with that belong to a function, or to a method of receiver.
func stem(receiver, between, function string) string {
	s := function
	if receiver != "" {
		s = receiver + between + Exported(function)
	}
	if token.IsExported(function) && (receiver == "" || token.IsExported(receiver)) {
		return Exported(s)
	}
	return unexported(s)
}

// Fields returns exported, distinct field names for parameters or results in order. A blank or
// missing name (both "_" and "") becomes fallback and its number, counted from 0 over all of them.
func Fields(names []string, fallback string) []string {
	fields := make([]string, len(names))
	taken := map[string]bool{"AppendCacheKey": true}
	for i, name := range names {
		field := fallback + strconv.Itoa(i)
		if name != "" && name != "_" {
			field = Exported(name)
		}
		for taken[field] {
			field += "_"
		}
		taken[field] = true
		fields[i] = field
	}
	return fields
}

// Exported returns name as an exported identifier. Letters without case get a prefix, as do leading
// underscores.
func Exported(name string) string {
	r, n := utf8.DecodeRuneInString(name)
	if upper := unicode.ToUpper(r); unicode.IsUpper(upper) {
		return string(upper) + name[n:]
	}
	return "X" + name
}

// unexported lowers the leading letter, or the leading initialism as a whole: HTTPGet is httpGet.
func unexported(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsUpper(r) {
			break
		}
		if i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}

// Unexported returns name as an unexported identifier: HTTPGet becomes httpGet.
func Unexported(name string) string { return unexported(name) }
