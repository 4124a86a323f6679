package facts

import "strings"

// Effects is what the code of one package does to memory. It is plain data: other packages occur by name alone, memory by the names
// of locations, so that it can be kept, and joined with the facts of other packages without any bodies.
type Effects struct {
	Path string
	// Locations are the names of locations, by number.
	Locations []string
	// Globals are the package variables that are mentioned, by number.
	Globals []ID
	// Sentinels are the variables of the standard library that hold errors, such as io.EOF. Nobody
	// changes the memory of such an error.
	Sentinels []ID
	// Held are the keys of the types of the package's own variables.
	Held map[string]string
	// Types are those that something asks for, by number. Others refer to them by their keys.
	Types []MemoryType
	// Bodies are the functions, function literals and the initialiser of the package's variables.
	Bodies []*Body
	// Converted are the types of values that are converted to interfaces.
	Converted []Conversion
	// Foreign are methods that values may have which code outside made, found by asserting that they are there.
	Foreign []Implementation
	// Values are the functions that are used as values.
	Values []FuncValue
	// Taken are the locations whose address is taken, so that pointers may lead there.
	Taken []Taken
	// Same are pairs of locations that are one: of structs whose pointers are converted into each other.
	Same [][]int
}

// MemoryType is a type as far as memory can be reached through values of it.
type MemoryType struct {
	Key string
	// Any says that all memory can be reached: unsafe.Pointer, type parameters.
	Any bool
	// Locations are those that values point to, Behind the keys of the types of what is there.
	Locations []int
	Behind    []string
	// Interface says that values hold any converted type with the Methods. Signature is the key of a function type: values reach
	// what literals of that signature captured.
	Interface bool
	Methods   []string
	Signature string
}

// Conversion is a type that is converted to an interface somewhere, with its methods.
type Conversion struct {
	Type    string
	Methods []Implementation
}

// Implementation is a method: by which key it is called through interfaces, and the body.
type Implementation struct{ Key, Body string }

// FuncValue is a function that is used as a value; Captured are the keys of the types of what it captured.
type FuncValue struct {
	Body     string
	Key      string
	Captured []string
}

// Taken is a location whose address is taken, and the type of what is there.
type Taken struct {
	Location int
	Type     string
}

// Body is what one function does.
type Body struct {
	// Name identifies it in the program: [BodyName] of a declared function.
	Name string
	// Units are the declarations that its code is part of, in groups: operations name the group that they are in.
	Units [][]ID
	// Params are the types of its parameters, a receiver first, and of what it captured, Free is the number of those.
	Params []string
	Free   int
	// Allocs is how many places allocate memory.
	Allocs int
	// Ops are the operations, in no order that matters. Returns are what the results may be, Errors
	// what those of type error may be, which are told apart: who prints an error has nothing of the
	// value beside it. What has the type of a type parameter is in both.
	Ops             []Op
	Returns, Errors []Source
}

// BodyName is the name of the body of a declared function or method.
func BodyName(id ID) string { return id.Package + "\x00" + id.Name }

// OpKind says what an operation does.
type OpKind uint8

// The kinds of operations.
const (
	OpLoad   OpKind = iota + 1 // reads Locations of the memory that Base points to
	OpStore                    // writes Value to Locations there
	OpKeep                     // stores Value in memory that Base points to, nothing is known of where
	OpLeak                     // makes Base known to code of which nothing is known
	OpInvoke                   // calls Callee or what has Key, with Args; its results are the next Result
	OpCreate                   // makes a function value of the literal Callee, which captured Args
	OpMake                     // the results of a call outside: Base, or new memory that holds Value
)

// Op is an operation on memory.
type Op struct {
	Kind OpKind
	Unit int
	Base []Source
	// Value is what is stored.
	Value []Source
	// Locations are numbers of [Effects.Locations].
	Locations []int
	// Spare says that a store is one of append: to capacity that nobody should see, unless the slice was cut.
	Spare bool
	// May says that a store happens or not: it is of code outside, which does it by a dynamic call, by reflection, or of which nothing is known. Of a call
	// it says that reads which are sunk decide whether it happens, as with the String method of what is logged.
	May bool
	// Sunk says that what a load or call reads decides nothing but what the function writes to memory of others, as with a line that is logged.
	Sunk bool
	// Frozen says that the results of a call outside have no memory of their own that anybody can change.
	Frozen bool
	// Callee is the body that is called, Key what is called through an interface or function value.
	Callee, Key string
	Args        []Arg
	// Outside is the function of another module that does it.
	Outside ID
	// Result numbers the results of calls from 1; 0 is none. Error numbers those that are errors, in
	// the same way.
	Result, Error int
	Line, Column  int
}

// Arg is an argument of a call. Cut says that it is a slice which was cut short, so that append to it overwrites what others see.
type Arg struct {
	Value []Source
	Cut   bool
}

// Source is where a value may come from: kind, number, and whether it was loaded from memory of that.
type Source uint32

// SourceKind says what a source is.
type SourceKind uint8

// The kinds of sources.
const (
	UnknownSource SourceKind = iota
	ParamSource              // the number of a parameter; captured variables follow them
	AllocSource              // memory that the body allocates
	GlobalSource             // the memory of a package variable, a number of [Effects.Globals]
	ResultSource             // the results of a call
)

// NewSource returns the source of a kind with a number.
func NewSource(kind SourceKind, n int, deep bool) Source {
	s := Source(kind)<<1 | Source(n)<<4
	if deep {
		s |= 1
	}
	return s
}

// Kind is the kind of source.
func (s Source) Kind() SourceKind { return SourceKind(s >> 1 & 7) }

// Number is the number of the parameter, allocation, variable or call.
func (s Source) Number() int { return int(s >> 4) }

// Deep says that the value was loaded from memory of the source, at any depth.
func (s Source) Deep() bool { return s&1 != 0 }

// Names of locations begin with what they are.
const (
	FieldLocation   = "F:" // of structs of the user's, by the type that declares it
	ElementLocation = "E:" // of slices and arrays
	MapLocation     = "M:"
	ChannelLocation = "C:"
	PointeeLocation = "P:" // what pointers lead to, unless it is a struct
	GlobalLocation  = "G:" // of package variables
	StateLocation   = "O:" // of structs of a package outside
	// AnyField and AnyElement are those of a type parameter: of all structs, of all slices and arrays.
	AnyField   = "F:?"
	AnyElement = "E:?"
	// These stand for several, opened when facts are joined: all that can be reached from values of a type, what code outside can reach without
	// reflection, and the state of values of other modules among it.
	ReachLocation   = "R:"
	VisibleLocation = "V:"
	StatesLocation  = "S:"
	// Anything is the location of all that can be reached from the variable that it is in, but for what modules outside hide, which is at
	// HiddenLocation and the module's name.
	Anything       = "*"
	HiddenLocation = "H:"
	// ForeignState is the state of values that code outside made.
	ForeignState = "O:*"
)

// UnsafeType is the key of the type of what unsafe pointers lead to: all locations whose address is taken with it may be one memory.
const UnsafeType = "(unsafe)"

// LocalMark begins the names of types of the user's, in names of other types and of locations too. Code of other modules can't name those types.
const LocalMark = "\x01"

// ForeignName begins the names of bodies of methods that code outside has, of which the interface alone is known.
const ForeignName = "(foreign)"

// Panicking stands for a variable that holds all values that somebody panicked with.
var Panicking = ID{"runtime", "(panicking)"}

// HiddenName names what a module outside keeps in its variables, as if it were one variable.
const HiddenName = "(hidden)"

// HandedMark begins the keys by which code outside calls functions that it was given before.
const HandedMark = "handed "

// ConvertedKey is the key by which functions are called that were converted to an interface.
const ConvertedKey = "func (converted)"

// ReflectedKey is the key by which methods are called by their names.
const ReflectedKey = "(reflected)"

// UsualKey is the key by which the methods are called that code outside usually asks for of any value, MutatingKey the one of those for which it asks where it
// fills a value, and OptionalKey the one of those for which it asks besides the methods of an interface.
const (
	UsualKey    = "(usual)"
	MutatingKey = "(mutating)"
	OptionalKey = "(optional)"
)

// memberMark divides a member's key.
const memberMark = " of "

// MemberKey is the key by which a method is called of types that have all methods of an interface.
func MemberKey(method string, interfaceMethods []string) string {
	return method + memberMark + strings.Join(interfaceMethods, ";")
}

// CutMemberKey is the opposite of [MemberKey].
func CutMemberKey(key string) (method string, interfaceMethods []string, ok bool) {
	method, names, ok := strings.Cut(key, memberMark)
	return method, strings.Split(names, ";"), ok
}
