package version

import (
	"go/types"
	"slices"
	"strings"
)

// What functions outside do with memory is known by reviewed rules: their code is not looked at.

// outsideWrites are the arguments, a receiver first, through which a function outside writes; n is their number.
func outsideWrites(f *types.Func, n int) []int {
	id := IDOf(f)
	if recv := f.Signature().Recv(); recv != nil {
		return methodWrites(id, f, recv, n)
	}
	if args, ok := writers[id]; ok {
		return args
	}
	if args, ok := writers[ID{id.Package, "*"}]; ok {
		return args
	}
	return nil
}

var writers = map[ID][]int{
	{"sort", "Sort"}:   nil, // asks the methods of what it sorts
	{"sort", "*"}:      {0},
	{"sort", "Search"}: {}, {"sort", "SearchInts"}: {}, {"sort", "SearchStrings"}: {}, {"sort", "SearchFloat64s"}: {}, {"sort", "Find"}: {},
	{"sort", "IsSorted"}: {}, {"sort", "SliceIsSorted"}: {}, {"sort", "IntsAreSorted"}: {}, {"sort", "StringsAreSorted"}: {},
	{"sort", "Float64sAreSorted"}: {}, {"sort", "Reverse"}: {}, {"sort", "Stable"}: {},
	{"slices", "Sort"}: {0}, {"slices", "SortFunc"}: {0}, {"slices", "SortStableFunc"}: {0}, {"slices", "Reverse"}: {0},
	{"slices", "Delete"}: {0}, {"slices", "DeleteFunc"}: {0}, {"slices", "Compact"}: {0}, {"slices", "CompactFunc"}: {0},
	{"slices", "Insert"}: {0}, {"slices", "Replace"}: {0},
	{"maps", "Copy"}: {0}, {"maps", "DeleteFunc"}: {0}, {"maps", "Insert"}: {0},
	{"io", "ReadFull"}: {0, 1}, {"io", "ReadAtLeast"}: {0, 1}, {"io", "Copy"}: {0, 1}, {"io", "CopyN"}: {0, 1}, {"io", "CopyBuffer"}: {0, 1, 2},
	{"io", "ReadAll"}: {0}, {"io", "WriteString"}: {0},
	{"encoding/json", "Unmarshal"}: {1}, {"encoding/xml", "Unmarshal"}: {1}, {"encoding/asn1", "Unmarshal"}: {1},
	{"encoding/json", "Compact"}: {0}, {"encoding/json", "Indent"}: {0}, {"encoding/json", "HTMLEscape"}: {0},
	{"encoding/binary", "Read"}: {0, 2}, {"encoding/binary", "Decode"}: {2}, {"encoding/binary", "Write"}: {0}, {"encoding/binary", "PutUvarint"}: {0},
	{"encoding/binary", "PutVarint"}: {0}, {"encoding/hex", "Decode"}: {0}, {"encoding/hex", "Encode"}: {0},
	{"fmt", "Fprint"}: {0}, {"fmt", "Fprintf"}: {0}, {"fmt", "Fprintln"}: {0},
	{"fmt", "Sscan"}: {1, 2, 3, 4, 5, 6}, {"fmt", "Sscanln"}: {1, 2, 3, 4, 5, 6}, {"fmt", "Sscanf"}: {2, 3, 4, 5, 6},
	{"fmt", "Fscan"}: {0, 1, 2, 3, 4, 5, 6}, {"fmt", "Fscanln"}: {0, 1, 2, 3, 4, 5, 6}, {"fmt", "Fscanf"}: {0, 2, 3, 4, 5, 6},
	{"crypto/rand", "Read"}: {0}, {"math/rand", "Read"}: {0}, {"reflect", "Swapper"}: {0}, {"reflect", "Copy"}: {0},
	{"container/heap", "*"}:      {0},
	{"sync/atomic", "*"}:         {0},
	{"sync/atomic", "LoadInt32"}: {}, {"sync/atomic", "LoadInt64"}: {}, {"sync/atomic", "LoadUint32"}: {}, {"sync/atomic", "LoadUint64"}: {},
	{"sync/atomic", "LoadPointer"}: {}, {"sync/atomic", "LoadUintptr"}: {},
}

// readOnly are types whose methods write nothing that a result could depend on: the standard library's, and a fork of its regexp.
var readOnly = map[ID]bool{
	{"regexp", "Regexp"}: true, {"github.com/grafana/regexp", "Regexp"}: true, {"log/slog", "Logger"}: true, {"log", "Logger"}: true,
	{"net/http", "Client"}: true, {"net/http", "Request"}: true,
	{"testing", "T"}: true, {"testing", "B"}: true, {"sync", "Mutex"}: true, {"sync", "RWMutex"}: true, {"sync", "WaitGroup"}: true,
	{"context", "Context"}: true, {"time", "Location"}: true, {"net/url", "Userinfo"}: true, {"go/token", "FileSet"}: true,
}

// writing are the beginnings of the names of methods that change their receiver.
var writing = []string{
	"Add", "Advance", "And", "Append", "Clear", "Close", "CompareAndSwap", "Copy", "Decode", "Del", "Delete", "Discard", "Div", "Do", "Drain", "Exp",
	"Fill", "Flush", "Funcs", "GCD", "Grow", "Handle", "Init", "Insert", "LoadOr", "LoadAnd", "Lsh", "Merge", "Mod", "Move", "Mul", "Neg", "Next", "Not", "Or",
	"Parse", "Pop", "Prepend", "Push", "Put", "Quo", "Range", "Read", "Register", "Rem", "Remove", "Replace", "Reset", "Rsh", "Scan", "Seek", "Set", "Shuffle", "Sort",
	"Sqrt", "Store", "Sub", "Swap", "Truncate", "Unmarshal", "Unread", "Update", "Write", "Xor",
}

// methodWrites says through which of receiver and arguments a method outside writes. Interface methods that fill what they are given are known
// by name.
func methodWrites(id ID, f *types.Func, recv *types.Var, n int) []int {
	var args []int
	named, isNamed := types.Unalias(deref(recv.Type())).(*types.Named)
	if isNamed && readOnly[ID{pathOf(named.Obj()), named.Obj().Name()}] {
		return nil
	}
	begins := func(word string) bool {
		rest, ok := strings.CutPrefix(f.Name(), word)
		return ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z')
	}
	if canChange(recv.Type()) && !isForeignInterface(f) && slices.ContainsFunc(writing, begins) {
		args = append(args, 0)
	}
	if fills := []string{"Read", "ReadAt", "Decode", "DecodeElement", "Scan", "Unmarshal"}; slices.Contains(fills, f.Name()) {
		for i := 1; i < n; i++ {
			args = append(args, i)
		}
	}
	return args
}

func deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// isForeignInterface reports whether f is a method of an interface that the standard library does not have: a gauge that is set, a
// logger that is written to.
func isForeignInterface(f *types.Func) bool {
	first, _, _ := strings.Cut(pathOf(f), "/")
	return types.IsInterface(f.Signature().Recv().Type()) && strings.Contains(first, ".")
}

// canChange reports whether a method with a receiver of type t can change what the caller has.
func canChange(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Interface:
		return true
	}
	return false
}

// returnsFresh knows what of the arguments' memory a function outside may return: not their own, or none at all.
func returnsFresh(f *types.Func) (fresh, distinct bool) {
	if f.Pkg() == nil {
		return false, false
	}
	switch f.Pkg().Path() {
	case "strings", "strconv", "fmt", "errors", "encoding/json", "encoding/hex", "encoding/base64", "crypto/sha256", "math/big", "time", "os",
		"path/filepath", "regexp", "unicode/utf8", "net/http", "database/sql", "sync/atomic", "hash/fnv", "hash/crc32", "hash/crc64", "hash/maphash",
		"text/template", "html/template":
		return true, true
	case "slices":
		return slices.Contains([]string{"Clone", "Concat", "Sorted", "SortedFunc", "SortedStableFunc", "Collect", "Repeat"}, f.Name()), false
	case "maps":
		return slices.Contains([]string{"Clone", "Collect"}, f.Name()), false
	case "bytes":
		return slices.Contains([]string{
			"Clone", "ToUpper", "ToLower", "Join", "Repeat", "Replace", "ReplaceAll", "Map", "Title", "ToTitle", "ToValidUTF8",
		}, f.Name()), false
	}
	return false, false
}
