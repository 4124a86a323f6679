package stdmodel

import (
	"go/token"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// CallsMethods returns the names of the methods that a function may call on values of an interface that it is given, beside those of the
// interface, and whether that is known. If it is not, the function may call any.
func CallsMethods(id facts.ID, iface string) (names []string, known bool) {
	if id == (facts.ID{Package: "fmt", Name: "Errorf"}) && iface == "error" {
		// The text of the new error is asked for when the error is.
		return []string{"Format", "GoString"}, true
	}
	names, known = methodsCalled[id.String()]
	if !known {
		names, known = methodsCalled[id.Package]
	}
	return slices.Clone(names), known
}

// Asks reports whether a function of a package may ask a value behind an interface for a method
// with a name that is not the interface's. Of packages that nobody reviewed, one may ask for any.
func Asks(path, method string) bool {
	names, known := methodsCalled[path]
	return !known && token.IsExported(method) || slices.Contains(names, method)
}

// Fetches reports whether a function may ask values for methods that return memory, as MarshalJSON
// and Unwrap do. One that prints gets strings.
func Fetches(id facts.ID) bool {
	names, known := CallsMethods(id, "")
	return !known || slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(returningNoMemory, name) })
}

// returningNoMemory are methods that return numbers, strings and errors alone.
var returningNoMemory = append([]string{
	"Close", "Is", "Len", "Less", "Lock", "Read", "ReadAt", "ReadByte", "ReadFrom", "ReadRune", "Scan", "Seek", "Swap", "Unlock", "UnreadRune", "Write",
	"WriteAt", "WriteString", "WriteTo",
}, Printing...)

// IsOptional reports whether some reviewed package asks values for a method that their interface
// doesn't have.
func IsOptional(method string) bool {
	for _, names := range methodsCalled {
		if slices.Contains(names, method) {
			return true
		}
	}
	return false
}

// IsReviewed reports whether it is known for which methods a package asks.
func IsReviewed(path string) bool {
	_, known := methodsCalled[path]
	return known
}

// AsksTheUsual reports whether a package of the standard library asks values of which it knows nothing, those of type any, for no more than
// [UsualMethods]. That is so of all but those that call methods by a name that they are given.
func AsksTheUsual(path string) bool { return !slices.Contains(byName, path) }

var byName = []string{"html/template", "net/rpc", "net/rpc/jsonrpc", "plugin", "reflect", "testing", "testing/quick", "text/template"}

// Printing are the methods of a value that package fmt calls to print it, and of what the value
// holds.
var Printing = []string{"Error", "Format", "GoString", "String"}

// Decoding are the methods that package encoding/json calls to fill a value, and what the value
// holds.
var Decoding = []string{"UnmarshalJSON", "UnmarshalJSONFrom", "UnmarshalText"}

// OnlyPrints reports whether a function does no more with arguments of which it only knows that
// they are something than to have package fmt print them: it calls methods in [Printing], keeps no
// value and returns none. What fmt.Errorf returns holds the errors that it was given.
func OnlyPrints(id facts.ID) bool {
	switch id.Package {
	case "fmt":
		return matchesAny([]string{"Print*", "Sprint*", "Fprint*", "Append*"}, id.Name)
	case "log":
		return matchesAny([]string{"Print*", "Fatal*", "Panic*"}, id.Name)
	}
	return false
}

// OnlyDecodes reports whether a function does no more with such arguments than to fill them from
// JSON: it calls methods in [Decoding], keeps no value and returns none. Errors of json.Marshal may
// hold the value.
func OnlyDecodes(id facts.ID) bool {
	return id.Package == "encoding/json" && matchesAny([]string{"Unmarshal", "Decoder.Decode"}, id.Name)
}

// methodsCalled are the methods that a function, or those of a package, ask values for, whatever the type of their parameter is.
var methodsCalled = map[string][]string{
	"bufio":           {"Read", "ReadFrom", "Write", "WriteString", "WriteTo"},
	"bytes":           {"Read", "Write", "WriteTo"},
	"cmp":             nil,
	"context":         {"AfterFunc", "Deadline", "Done", "Err", "String", "Value"},
	"encoding/base64": {"Read", "Write"},
	"encoding/csv":    {"Read", "Write"},
	"encoding/gob":    {"GobDecode", "GobEncode", "MarshalBinary", "MarshalText", "Read", "ReadByte", "UnmarshalBinary", "UnmarshalText", "Write"},
	"encoding/hex":    {"Read", "Write"},
	"encoding/json":   {"IsZero", "MarshalJSON", "MarshalText", "Read", "UnmarshalJSON", "UnmarshalText", "Write"},
	"encoding/xml": {
		"MarshalText", "MarshalXML", "MarshalXMLAttr", "Read", "ReadByte", "UnmarshalText", "UnmarshalXML", "UnmarshalXMLAttr", "Write",
	},
	"errors":    nil,
	"errors.As": {"As", "Unwrap"}, "errors.AsType": {"As", "Unwrap"},
	"errors.Is":     {"Is", "Unwrap"},
	"errors.Unwrap": {"Unwrap"},
	"fmt":           append([]string{"Read", "ReadRune", "Scan", "UnreadRune", "Write", "WriteString"}, Printing...),
	"hash":          nil,
	"io":            {"Close", "Read", "ReadAt", "ReadByte", "ReadFrom", "Seek", "Write", "WriteAt", "WriteString", "WriteTo"},
	"iter":          nil,
	"log":           append([]string{"Write"}, Printing...),
	"log/slog":      append([]string{"Enabled", "Handle", "Level", "LogValue", "MarshalJSON", "MarshalText", "WithAttrs", "WithGroup", "Write"}, Printing...),
	"maps":          nil,
	"math":          nil,
	"slices":        nil,
	"sort":          {"Len", "Less", "Swap"},
	"strconv":       nil,
	"strings":       {"Read", "Write", "WriteString"},
	"sync":          {"Lock", "Unlock"},
	"sync/atomic":   nil,
	"time":          nil,
	"unique":        nil,
	"weak":          nil,
}
