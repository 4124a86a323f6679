package check

import (
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// Plan is how the inputs of one function are encoded and its results kept.
type Plan struct {
	Function *model.Function
	// Inputs are the fields of the arguments' struct in order.
	Inputs []Input
	// Vary is how the results of the vary functions are encoded, in their order.
	Vary []*Key
	// Comparable says that == on the arguments' struct is the cache's equality and that nothing but
	// the arguments identifies a result in memory.
	Comparable bool
	// Results are what is kept; those of a batch function are one, the map's element.
	Results []Result
	// Shape identifies the types of inputs and results, by position, and what the inputs are.
	Shape string
	// Layout says what generated code takes for granted of types that can be others in a program,
	// "" for nothing.
	Layout string
	// MemoryOnly says that there are results without a stored form, which share allows.
	MemoryOnly bool
	// CheckRoundTrip says that a user's marshaler is in a result, or can be, by way of a type
	// argument.
	CheckRoundTrip bool
	// Proto says that a protobuf message is in what is stored.
	Proto bool
	// CloneByCodec says that generated code can't copy the results.
	CloneByCodec bool
	// Recursive says that the type of a result may contain itself and that generated code copies
	// it.
	Recursive bool
	// Detach is how to copy the parameters that a caller could change while they are refreshed in
	// the background.
	Detach map[*model.Param]Detached
	// AllKeyed says that the arguments are all that the function takes but for its context, so that
	// it can be called with them.
	AllKeyed bool
	// LateCall says that a variable whose initialiser calls the function would be initialised by
	// way of itself.
	LateCall bool
	// Behind are the interfaces with methods in the inputs: some type that has a key must be able
	// to be in each.
	Behind []Behind
	// Known are the modules whose code is in the version, the package's own first, where interfaces
	// are in the inputs.
	Known []string
	// Types are those that can be behind interfaces in the results.
	Types []types.Type
	// Tags are the templates of the tags option.
	Tags []Template
}

// InProcess reports whether results never leave the process, whose code made them: there is no
// other version that they could be taken for.
func (p *Plan) InProcess() bool {
	o := &p.Function.Options
	return p.MemoryOnly || o.PerReceiver || o.Store == "memory"
}

// Detached says how to copy a parameter.
type Detached struct {
	Copy *Copy
	// Recursive says that the parameter can contain itself: only one that has an encoding can be
	// copied.
	Recursive bool
}

// Input is a field of the arguments' struct.
type Input struct {
	// Param is nil for what is no parameter as a whole: what a key function returns, and other
	// parts of the key.
	Param *model.Param
	// Part is what the option key lists, nil without a list.
	Part  *model.KeyPart
	Field string
	// Type is the field's type: the element's for the parameter that a batch function is called
	// per.
	Type   types.Type
	Key    *Key
	Secret bool
}

// Name is what templates call the input.
func (in Input) Name() string {
	switch {
	case in.Part != nil:
		return in.Part.Text
	case in.Param == nil:
		return "key"
	}
	return in.Param.Var.Name()
}

// Result is a result that is kept.
type Result struct {
	Value *model.Value
	Field string
	Type  types.Type
	// Copy is how to copy it, nil if nothing in it can change or Plan.CloneByCodec copies.
	Copy *Copy
}
