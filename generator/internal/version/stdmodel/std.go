package stdmodel

import (
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

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

// Sink reports whether a variable only takes what is written to it, unless a program assigns another value.
func Sink(variable facts.ID) bool {
	switch variable.String() {
	case "os.Stdout", "os.Stderr", "io.Discard":
		return true
	}
	return false
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

// StateOf returns the package with whose state that of a package of the standard library is one. Slog writes through log unless it was told otherwise.
// The environment, the working directory and the files are the state of the process, by whatever package they are reached.
func StateOf(path string) string {
	switch path {
	case "log/slog":
		return "log"
	case "syscall", "os/exec", "os/user", "io/ioutil", "path/filepath":
		return ProcessState
	}
	return path
}

// ProcessState is the package whose state is that of the process.
const ProcessState = "os"

// IsInternal reports whether a package of the standard library is one that nobody else can import.
func IsInternal(path string) bool {
	return IsPath(path) && slices.Contains(strings.Split(path, "/"), "internal")
}

// UsualMethods are the methods that code outside asks for when all it knows of a value is that it is something.
var UsualMethods = []string{
	"Error", "Unwrap", "Is", "As", "String", "GoString", "Format", "LogValue",
	"MarshalJSON", "MarshalText", "MarshalBinary", "MarshalCBOR", "MarshalYAML", "MarshalXML", "MarshalXMLAttr", "GobEncode", "Value",
	"AppendText", "AppendBinary", "IsZero", "Timeout", "Temporary",
}

// MutatingMethods are the methods of that kind which fill or drain what they are called on: whether memory is written matters of them, and
// not what they return.
var MutatingMethods = []string{
	"UnmarshalJSON", "UnmarshalText", "UnmarshalBinary", "UnmarshalXML", "UnmarshalXMLAttr", "GobDecode", "Scan", "Read", "Write", "Close",
}
