package stdmodel

import (
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Writes are the arguments through which a function writes.
func Writes(id facts.ID) []int {
	if args, ok := writes[id.String()]; ok {
		return args
	}
	return writes[id.Package+".*"]
}

// ReadOnly reports whether the methods of a type write nothing that a result could depend on.
func ReadOnly(id facts.ID) bool { return readOnly[id.String()] }

// ChangesReceiver reports whether a method with a name is taken to change its receiver.
func ChangesReceiver(name string) bool {
	return slices.ContainsFunc(writing, func(word string) bool {
		rest, ok := strings.CutPrefix(name, word)
		return ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z')
	})
}

// Fills reports whether a method with a name fills what it is given.
func Fills(name string) bool {
	return slices.Contains([]string{"Read", "ReadAt", "Decode", "DecodeElement", "Scan", "Unmarshal"}, name)
}

// writes are the arguments that functions write through; "*" stands for the others of a package.
var writes = map[string][]int{
	"sort.Sort":   nil, // asks the methods of what it sorts
	"sort.*":      {0},
	"sort.Search": {}, "sort.SearchInts": {}, "sort.SearchStrings": {}, "sort.SearchFloat64s": {}, "sort.Find": {},
	"sort.IsSorted": {}, "sort.SliceIsSorted": {}, "sort.IntsAreSorted": {}, "sort.StringsAreSorted": {},
	"sort.Float64sAreSorted": {}, "sort.Reverse": {}, "sort.Stable": {},
	"slices.Sort": {0}, "slices.SortFunc": {0}, "slices.SortStableFunc": {0}, "slices.Reverse": {0},
	"slices.Delete": {0}, "slices.DeleteFunc": {0}, "slices.Compact": {0}, "slices.CompactFunc": {0},
	"slices.Insert": {0}, "slices.Replace": {0},
	"maps.Copy": {0}, "maps.DeleteFunc": {0}, "maps.Insert": {0},
	"io.ReadFull": {0, 1}, "io.ReadAtLeast": {0, 1}, "io.Copy": {0, 1}, "io.CopyN": {0, 1}, "io.CopyBuffer": {0, 1, 2},
	"io.ReadAll": {0}, "io.WriteString": {0},
	"encoding/json.Unmarshal": {1}, "encoding/xml.Unmarshal": {1}, "encoding/asn1.Unmarshal": {1},
	"encoding/json.Compact": {0}, "encoding/json.Indent": {0}, "encoding/json.HTMLEscape": {0},
	"encoding/binary.Read": {0, 2}, "encoding/binary.Decode": {2}, "encoding/binary.Write": {0}, "encoding/binary.PutUvarint": {0},
	"encoding/binary.PutVarint": {0}, "encoding/hex.Decode": {0}, "encoding/hex.Encode": {0},
	"fmt.Fprint": {0}, "fmt.Fprintf": {0}, "fmt.Fprintln": {0},
	"fmt.Sscan": {1, 2, 3, 4, 5, 6}, "fmt.Sscanln": {1, 2, 3, 4, 5, 6}, "fmt.Sscanf": {2, 3, 4, 5, 6},
	"fmt.Fscan": {0, 1, 2, 3, 4, 5, 6}, "fmt.Fscanln": {0, 1, 2, 3, 4, 5, 6}, "fmt.Fscanf": {0, 2, 3, 4, 5, 6},
	"crypto/rand.Read": {0}, "math/rand.Read": {0}, "reflect.Swapper": {0}, "reflect.Copy": {0},
	"container/heap.*":      {0},
	"sync/atomic.*":         {0},
	"sync/atomic.LoadInt32": {}, "sync/atomic.LoadInt64": {}, "sync/atomic.LoadUint32": {}, "sync/atomic.LoadUint64": {},
	"sync/atomic.LoadPointer": {}, "sync/atomic.LoadUintptr": {},
}

// readOnly are types whose methods write nothing that a result could depend on: the standard library's, and a fork of its regexp.
var readOnly = map[string]bool{
	"regexp.Regexp": true, "github.com/grafana/regexp.Regexp": true, "log/slog.Logger": true, "log.Logger": true,
	"net/http.Client": true, "net/http.Request": true,
	"testing.T": true, "testing.B": true, "sync.Mutex": true, "sync.RWMutex": true, "sync.WaitGroup": true,
	"context.Context": true, "time.Location": true, "net/url.Userinfo": true, "go/token.FileSet": true,
}

// writing are the beginnings of the names of methods that change their receiver.
var writing = []string{
	"Add", "Advance", "And", "Append", "Clear", "Close", "CompareAndSwap", "Copy", "Decode", "Del", "Delete", "Discard", "Div", "Do", "Drain", "Exp",
	"Fill", "Flush", "Funcs", "GCD", "Grow", "Handle", "Init", "Insert", "LoadOr", "LoadAnd", "Lsh", "Merge", "Mod", "Move", "Mul", "Neg", "Next", "Not", "Or",
	"Parse", "Pop", "Prepend", "Push", "Put", "Quo", "Range", "Read", "Register", "Rem", "Remove", "Replace", "Reset", "Rsh", "Scan", "Seek", "Set", "Shuffle", "Sort",
	"Sqrt", "Store", "Sub", "Swap", "Truncate", "Unmarshal", "Unread", "Update", "Write", "Xor",
}

// ReturnsFresh knows what of the arguments' memory a function outside may return: not their own, or none at all.
func ReturnsFresh(id facts.ID) (fresh, distinct bool) {
	name := id.Name[strings.LastIndexByte(id.Name, '.')+1:]
	switch id.Package {
	case "strings", "strconv", "fmt", "errors", "encoding/json", "encoding/hex", "encoding/base64", "crypto/sha256", "math/big", "time", "os",
		"path/filepath", "regexp", "unicode/utf8", "net/http", "database/sql", "sync/atomic", "hash/fnv", "hash/crc32", "hash/crc64", "hash/maphash",
		"text/template", "html/template":
		return true, true
	case "slices":
		return slices.Contains([]string{"Clone", "Concat", "Sorted", "SortedFunc", "SortedStableFunc", "Collect", "Repeat"}, name), false
	case "maps":
		return slices.Contains([]string{"Clone", "Collect"}, name), false
	case "bytes":
		return slices.Contains([]string{
			"Clone", "ToUpper", "ToLower", "Join", "Repeat", "Replace", "ReplaceAll", "Map", "Title", "ToTitle", "ToValidUTF8",
		}, name), false
	}
	return false, false
}

// Immutable knows types that hold pointers nobody writes through.
func Immutable(id facts.ID) bool {
	switch id.String() {
	case "error", "time.Time", "time.Location", "reflect.Type", "net/netip.Addr", "net/netip.Prefix",
		"net/netip.AddrPort", "unique.Handle":
		return true
	}
	return false
}

// Lock reports whether a type holds no data.
func Lock(id facts.ID) bool {
	return id.Package == "sync" && slices.Contains([]string{"Mutex", "RWMutex", "WaitGroup"}, id.Name)
}

// Synchronises reports whether what a type holds does not depend on when it is asked.
func Synchronises(id facts.ID) bool { return id.Package == "sync" && id.Name != "Map" }

// Sink reports whether a variable only takes what is written to it.
func Sink(variable facts.ID) bool {
	switch variable.String() {
	case "os.Stdout", "os.Stderr", "io.Discard":
		return true
	}
	return false
}

// Remembers reports whether a function may keep what it is called with, or change what others see.
func Remembers(id facts.ID) bool {
	return slices.ContainsFunc(remembering[id.Package], func(name string) bool { return strings.HasPrefix(id.Name, name) })
}

// remembering are the functions of the standard library that do, by package and the beginning of their names.
var remembering = map[string][]string{
	"archive/zip":   {"Register"},
	"context":       {"AfterFunc"},
	"crypto":        {"RegisterHash"},
	"database/sql":  {"Register"},
	"encoding/gob":  {"Register"},
	"expvar":        {"Publish", "New"},
	"image":         {"RegisterFormat"},
	"math/rand":     {"Seed"},
	"mime":          {"AddExtensionType"},
	"net/http":      {"Handle", "HandleFunc", "Transport.RegisterProtocol"},
	"os":            {"Setenv", "Unsetenv", "Clearenv", "Chdir", "WriteFile", "Remove", "Mkdir", "Create", "Rename", "Exit"},
	"os/signal":     {"Notify", "Ignore"},
	"runtime":       {"GOMAXPROCS", "SetFinalizer", "AddCleanup"},
	"runtime/debug": {"Set"},
	"syscall":       {""},
	"testing":       {"Init"},
	"time":          {"AfterFunc"},
}

// CallsByReflection knows what calls methods by name, and so methods of what those return.
func CallsByReflection(id facts.ID) bool {
	switch id.Package {
	case "text/template", "html/template", "net/rpc":
		return true
	case "reflect":
		return slices.Contains([]string{
			"Value.Method", "Value.MethodByName", "Value.Call", "Value.CallSlice",
			"Type.Method", "Type.MethodByName", "Value.Methods", "Type.Methods",
		}, id.Name)
	}
	return false
}

// TargetConstant knows the constants that differ between targets.
func TargetConstant(id facts.ID) bool {
	switch id.Package {
	case "runtime", "os", "path/filepath", "syscall", "internal/goos", "internal/goarch":
		return true
	case "strconv":
		return id.Name == "IntSize"
	case "math/bits":
		return id.Name == "UintSize"
	case "math":
		return id.Name == "MaxInt" || id.Name == "MinInt" || id.Name == "MaxUint"
	}
	return strings.HasPrefix(id.Package, "golang.org/x/sys/")
}

// ReadsFile reports whether a function reads no more than the content of the file whose path is its first argument.
func ReadsFile(id facts.ID) bool {
	switch id.String() {
	case "os.ReadFile", "os.Open", "io/ioutil.ReadFile":
		return true
	}
	return false
}

// CallsNoMethods reports whether the generic functions and types of a package call no methods of their type arguments.
func CallsNoMethods(path string) bool {
	switch path {
	case "slices", "maps", "cmp", "iter", "sync", "sync/atomic", "unique", "weak":
		return true
	}
	return false
}

// IsPath reports whether a path that is not in the program looks like the standard library's.
func IsPath(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return path == "C" || !strings.Contains(first, ".")
}

// UsualMethods are the methods that code outside asks for when all it knows of a value is that it is something.
var UsualMethods = []string{
	"Error", "Unwrap", "Is", "As", "String", "GoString", "Format", "LogValue",
	"MarshalJSON", "MarshalText", "MarshalBinary", "MarshalCBOR", "MarshalYAML", "MarshalXML", "GobEncode", "Value",
}

// IsUsualMethod reports whether a method is one of those.
func IsUsualMethod(name string) bool { return slices.Contains(UsualMethods, name) }
