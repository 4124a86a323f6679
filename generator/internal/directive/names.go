package directive

import (
	"go/ast"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Names are the identifiers that are generated for a function.
type Names struct {
	// Wrapper is a function, or a method of the receiver's type.
	Wrapper string
	// Controls is a variable, or a function where the function is generic.
	Controls string
	// Args is the struct of the keyed inputs, Results that of several results.
	Args, Results string
}

// Names returns the names to generate: for F CachedF, FCache, FArgs, FResults; for T.M method CachedM, TMCache, TMArgs,
// TMResults. What is unexported stays so. With name=N the wrapper is N, and the others are named as if the function were.
func (f *Function) Names() Names {
	fn := f.Decl.Name.Name
	exported := ast.IsExported(fn)
	wrapper := "cached" + upper(fn)
	if exported {
		wrapper = "Cached" + fn
	}
	if arg := f.Arg("name"); arg != nil && len(arg.Items) > 0 {
		wrapper = arg.Items[0].Text
		fn, exported = uncached(wrapper), ast.IsExported(wrapper)
	}
	base := fn
	if t := ReceiverType(f.Decl); t != "" {
		base = t + upper(fn)
		exported = exported && ast.IsExported(t)
	}
	if exported {
		base = upper(base)
	} else {
		base = lower(base)
	}
	return Names{wrapper, base + "Cache", base + "Args", base + "Results"}
}

// ReceiverType returns the name of the type that the method is declared on, or "" for a function.
func ReceiverType(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return ""
	}
	t := decl.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// uncached is the name of a wrapper without its leading Cached.
func uncached(wrapper string) string {
	for _, prefix := range []string{"Cached", "cached"} {
		rest, ok := strings.CutPrefix(wrapper, prefix)
		if first, _ := utf8.DecodeRuneInString(rest); ok && unicode.IsUpper(first) {
			return rest
		}
	}
	return wrapper
}

// upper is s with its first letter in upper case; leading underscores go.
func upper(s string) string {
	trimmed := strings.TrimLeft(s, "_")
	if trimmed == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(trimmed)
	return string(unicode.ToUpper(first)) + trimmed[size:]
}

// lower is s with its first word in lower case: forecast for Forecast, urlGet for URLGet.
func lower(s string) string {
	letters := []rune(s)
	for i, c := range letters {
		last := i+1 == len(letters) || !unicode.IsUpper(letters[i+1])
		if !unicode.IsUpper(c) || i > 0 && last && i+1 < len(letters) {
			break
		}
		letters[i] = unicode.ToLower(c)
	}
	return string(letters)
}
