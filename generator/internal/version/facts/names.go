package facts

import "github.com/cachegen/cachegen/generator/internal/naming"

// Names of nodes that are no objects. Parentheses keep them apart from identifiers.
const (
	PackageName      = "(package)"
	ContentsName     = "(contents)"
	AssemblyName     = "(assembly)"
	CgoName          = "(cgo)"
	OtherTargetsName = "(other targets)"
	OrderName        = "(order of initialisation)"
	VendoredName     = "(vendored)"
	InitPrefix       = "(init)"
	ChoicePrefix     = "(implementations)"
	ContextPrefix    = "(look into context)"
	DispatchPrefix   = "(dispatch)"
	CalledPrefix     = "(called)"
	InstantPrefix    = "(instant)"
	LiteralPrefix    = "(literal)"
	BlankPrefix      = "(blank)"
	PartPrefix       = "(part "
	MethodsPrefix    = "(methods)"
	EncodedPrefix    = "(encoded)"
	PrintedPrefix    = "(printed)"
	DecodedPrefix    = "(decoded)"
	WrapperPrefix    = "(wrapper)"
	FixedPrefix      = "(fixed version)"
)

// ContextAsArgument is what generic code makes of a context that is a type argument.
var ContextAsArgument = ID{"context", "Context as type argument"}

// CCode stands for C code in lists of what the linker and the C compiler decide about.
const CCode = "C"

// MainCode stands there for what a program does before the call that others don't: what its main package does, and packages that it links and the function's
// package doesn't.
const MainCode = "main"

// FileOfPath is a cache.File that is made of a path.
var FileOfPath = ID{naming.RuntimePath, "File(path)"}

// Prefixed is the ID of what belongs to an object and has no name of its own.
func (id ID) Prefixed(prefix string) ID { return ID{id.Package, prefix + id.Name} }
