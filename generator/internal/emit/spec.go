package emit

import (
	"go/types"
	"strings"
	"time"

	"github.com/dave/jennifer/jen"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// kind is the runtime's type for the function's cache: Function, or EncodedFunction where == on the
// arguments is not enough.
func (fn *function) kind() string {
	kind := "Function"
	if fn.Options.PerReceiver {
		kind = "PerReceiver"
	}
	if !fn.plan.Comparable {
		return "Encoded" + kind
	}
	return kind
}

// kindArgs are the type arguments of kind.
func (fn *function) kindArgs() *jen.Statement {
	args := []jen.Code{fn.argsType(), fn.valueType()}
	if fn.Options.PerReceiver {
		args = append([]jen.Code{fn.typ.of(receiverType(fn.Obj.Signature().Recv().Type()))}, args...)
	}
	return jen.Types(args...)
}

// controls writes the function's cache.
func (fn *function) controls() {
	fn.out.Line().Comment(fn.controlsDoc())
	if fn.generic() {
		fn.family()
		return
	}
	fn.out.Var().Id(fn.Controls).Op("=").Add(fn.made())
	if fn.plan.LateCall {
		fn.out.Line().Comment("The function reaches its own wrapper: called by the variable's initialiser it would be a cycle.")
		fn.out.Func().Id("init").Params().Block(fn.impl("SetCall").Call(jen.Id(fn.Controls).Dot("Core"), fn.call()))
	}
}

// family writes the caches of a generic function, one for each list of type arguments.
func (fn *function) family() {
	family := fn.scope.declare(fn.stem + "Caches")
	spec := fn.scope.declare(fn.stem + "Spec")
	fn.out.Func().Id(fn.Controls).Add(fn.typeParams()).Params().Add(fn.kindType()).Block(
		jen.Return(fn.impl(fn.kind()+"Of").Add(fn.kindArgs()).Call(jen.Op("&").Id(family), jen.Id(spec).Add(fn.typeArgs()))),
	)
	fn.out.Line().Var().Id(family).Add(fn.impl("Family"))
	fn.out.Line().Func().Id(spec).Add(fn.typeParams()).Params().Add(fn.impl("Spec")).Block(jen.Return(fn.spec()))
}

// made makes the cache.
func (fn *function) made() *jen.Statement {
	if fn.Options.PerReceiver {
		return fn.impl("New" + fn.kind()).Add(fn.kindArgs()).Call(fn.spec())
	}
	core := fn.impl(strings.TrimSuffix("New"+fn.kind(), "Function")).Add(fn.kindArgs()).Call(fn.spec())
	return fn.impl(fn.kind()).Add(fn.kindArgs()).Values(jen.Id("Core").Op(":").Add(core))
}

// kindType is the type of the variable, or of what the function returns, that stands for the cache.
func (fn *function) kindType() *jen.Statement {
	t := fn.impl(fn.kind()).Add(fn.kindArgs())
	if fn.Options.PerReceiver {
		return jen.Op("*").Add(t)
	}
	return t
}

// spec is what the runtime is told about the function.
func (fn *function) spec() *jen.Statement {
	return fn.impl("Spec").Add(fields(func(field func(string, jen.Code)) {
		o, p := &fn.Options, fn.plan
		field("Name", jen.Lit(fn.Name))
		if fn.code.Version != "" {
			field("Version", jen.Lit(fn.code.Version))
		}
		if len(fn.code.Modules) > 0 {
			field("Modules", fn.modulesOutside())
		}
		if len(fn.code.Linked) > 0 {
			field("Linked", stringList(fn.code.Linked))
		}
		field("Shape", jen.Lit(p.Shape))
		if p.Layout != "" {
			field("Layout", jen.Lit(p.Layout))
			if len(o.Vary) > 0 {
				field("Varies", jen.Index().Any().ValuesFunc(func(g *jen.Group) {
					for _, v := range o.Vary {
						g.Add(fn.ref(v))
					}
				}))
			}
		}
		if p.Known != nil {
			field("Known", jen.Id(fn.knownVar()))
		}
		if len(p.Types) > 0 {
			var list []jen.Code
			for _, t := range p.Types {
				list = append(list, jen.Op("*").New(fn.typ.of(t)))
			}
			field("Types", jen.Index().Any().Values(list...))
		}
		if fn.generic() {
			var list []jen.Code
			for _, name := range fn.typeParamNames {
				list = append(list, jen.Parens(jen.Op("*").Id(name)).Parens(jen.Nil()))
			}
			field("TypeArgs", jen.Index().Any().Values(list...))
		}
		if options := fn.options(); options != nil {
			field("Options", options)
		}
		if fn.copies() {
			field("Clone", fn.impl("InPlace").Call(fn.cloneFunc()))
		}
		if fn.vary != "" {
			field("Vary", jen.Id(fn.vary))
		}
		if len(o.Policies) > 0 {
			var list []jen.Code
			for _, policy := range o.Policies {
				list = append(list, fn.ref(policy))
			}
			field("Policies", jen.Index().Add(fn.cache("Policy")).Values(list...))
		}
		if o.MaxAgeFunc != nil {
			field("MaxAge", fn.of("Of", fn.valueType(), fn.ofResults(o.MaxAgeFunc, nil, fn.std("time", "Duration")), fn.std("time", "Duration")))
		}
		if o.Validate != nil {
			before := []param{{"ctx", fn.std("context", "Context")}, {"e", fn.cache("Entry")}}
			field("Validate", fn.of("OfEntry", fn.valueType(), fn.ofResults(o.Validate, before, jen.Bool())))
		}
		if o.Unless != nil {
			field("Unless", fn.of("Of", fn.valueType(), fn.ofResults(o.Unless, nil, jen.Bool()), jen.Bool()))
		}
		if len(p.Tags) > 0 {
			field("Tags", fn.of("Of", fn.argsType(), fn.tags(), jen.Index().String()))
		}
		if o.Target != "" {
			field("TargetFields", fn.of("OfField", fn.argsType(), fn.targetFields()))
		}
		if p.AllKeyed && !p.LateCall {
			field("Call", fn.call())
		}
		var secret []string
		for _, in := range p.Inputs {
			if in.Secret {
				secret = append(secret, in.Field)
			}
		}
		if len(secret) > 0 {
			field("Secret", stringList(secret))
		}
		if o.NoSecrets {
			field("NoSecrets", jen.True())
		}
	}))
}

// fields is a composite literal's braces with a field a line, in the order of the calls.
func fields(list func(field func(name string, value jen.Code))) *jen.Statement {
	return jen.CustomFunc(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, func(g *jen.Group) {
		list(func(name string, value jen.Code) { g.Id(name).Op(":").Add(value) })
	})
}

// maxInLine is how many modules stand on one line.
const maxInLine = 3

// modulesOutside are the modules outside whose code the function can run.
func (fn *function) modulesOutside() *jen.Statement {
	var list []jen.Code
	for _, path := range fn.code.Modules {
		list = append(list, jen.Id(fn.modules[path]))
	}
	return jen.Index().String().Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: len(list) > maxInLine}, list...)
}

func stringList(list []string) *jen.Statement {
	var lits []jen.Code
	for _, s := range list {
		lits = append(lits, jen.Lit(s))
	}
	return jen.Index().String().Values(lits...)
}

// options are the options that are plain values, nil if all are zero.
func (fn *function) options() *jen.Statement {
	o, p := &fn.Options, fn.plan
	var set []jen.Code
	field := func(name string, value jen.Code) { set = append(set, jen.Id(name).Op(":").Add(value)) }
	text := func(name, v string) {
		if v != "" {
			field(name, jen.Lit(v))
		}
	}
	flag := func(name string, v bool) {
		if v {
			field(name, jen.True())
		}
	}
	span := func(name string, d time.Duration) {
		if d != 0 {
			field(name, fn.duration(d))
		}
	}
	text("Namespace", o.Namespace)
	text("Salt", o.Salt)
	if o.MaxAge != nil && *o.MaxAge == 0 {
		field("MaxAge", fn.impl("NoReuse"))
	} else if o.MaxAge != nil {
		span("MaxAge", *o.MaxAge)
	}
	flag("Disabled", fn.disabled())
	flag("Infallible", !fn.HasError)
	flag("Portable", o.Portable || fn.Behaviour == model.Override)
	flag("Toolchain", o.Toolchain)
	flag("PerRun", o.PerRun)
	flag("Serialize", o.Serialize)
	span("Lease", o.Lease)
	flag("NoJoin", o.NoJoin)
	span("StaleWhileRevalidate", o.StaleWhileRevalidate)
	span("StaleIfError", o.StaleIfError)
	span("ErrorMaxAge", o.ErrorMaxAge)
	text("Target", o.Target)
	if o.Store != "memory" {
		text("Store", o.Store)
	}
	if o.MemoryEntries != 0 {
		field("MemoryEntries", jen.Lit(o.MemoryEntries))
	}
	flag("Share", o.Share)
	flag("KeepInputs", o.KeepInputs)
	flag("KeepFailed", o.KeepFailed)
	flag("CheckRoundTrip", p.CheckRoundTrip && !p.MemoryOnly)
	flag("MemoryOnly", p.MemoryOnly)
	flag("CloneByCodec", p.CloneByCodec)
	flag("Recursive", p.Recursive)
	switch len(set) {
	case 0:
		return nil
	case 1:
		return fn.impl("Options").Values(set...)
	}
	return fn.impl("Options").Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, set...)
}

// duration writes a duration in the greatest unit that divides it.
func (fn *function) duration(d time.Duration) *jen.Statement {
	for _, unit := range []struct {
		name string
		d    time.Duration
	}{{"Hour", time.Hour}, {"Minute", time.Minute}, {"Second", time.Second}, {"Millisecond", time.Millisecond}, {"Microsecond", time.Microsecond}} {
		if d%unit.d == 0 {
			if d == unit.d {
				return fn.std("time", unit.name)
			}
			return jen.Lit(int(d / unit.d)).Op("*").Add(fn.std("time", unit.name))
		}
	}
	return jen.Lit(int(d))
}

// tags is the function that fills in the tags.
func (fn *function) tags() *jen.Statement {
	var list []jen.Code
	used := false
	a := fn.taken().unique("a", "args")
	for _, t := range fn.plan.Tags {
		tag := jen.Null()
		for i, part := range t {
			if i > 0 {
				tag.Op("+")
			}
			if part.Input == "" {
				tag.Lit(part.Literal)
				continue
			}
			used = true
			v := jen.Id(a).Dot(part.Input)
			for _, name := range part.Fields {
				v.Dot(name)
			}
			tag.Add(fn.text(v, part.Type))
		}
		list = append(list, tag)
	}
	if !used {
		a = "_"
	}
	return jen.Func().Params(jen.Id(a).Add(fn.argsType())).Index().String().Block(jen.Return(jen.Index().String().Values(list...)))
}

// targetFields is the function that gives the text of the placeholders in a target.
func (fn *function) targetFields() *jen.Statement {
	used := fn.taken()
	ctx, a, name := used.unique("ctx"), used.unique("a", "args"), used.unique("field", "name")
	params := []jen.Code{
		jen.Id(ctx).Add(fn.std("context", "Context")), jen.Id(a).Add(fn.argsType()), jen.Id(name).String(),
	}
	return jen.Func().Params(params...).Params(jen.String(), jen.Bool()).Block(
		jen.Switch(jen.Id(name)).BlockFunc(func(g *jen.Group) {
			for _, in := range fn.plan.Inputs {
				g.Case(jen.Lit(in.Name())).Block(jen.Return(fn.text(jen.Id(a).Dot(in.Field), in.Type), jen.True()))
			}
			for i, k := range fn.plan.Vary {
				ref := fn.Options.Vary[i]
				g.Case(jen.Lit(ref.Obj.Name())).Block(jen.Return(fn.text(fn.ref(ref).Call(jen.Id(ctx)), k.Type), jen.True()))
			}
		}),
		jen.Return(jen.Lit(""), jen.False()),
	)
}

// of turns a function of a typed value into one of a pointer to the value, as the runtime takes it.
// A generic function gets its type arguments.
func (fn *function) of(kind string, typ, f *jen.Statement, result ...jen.Code) *jen.Statement {
	of := fn.impl(kind)
	if fn.generic() {
		of.Types(append([]jen.Code{typ}, result...)...)
	}
	return of.Call(f)
}

// ofResults is a function of the results as one of what is kept.
func (fn *function) ofResults(ref *model.FuncRef, before []param, result *jen.Statement) *jen.Statement {
	if len(fn.plan.Results) == 1 {
		return fn.ref(ref)
	}
	var params, args []jen.Code
	used := fn.taken()
	for _, p := range before {
		name := used.unique(p.name)
		params = append(params, jen.Id(name).Add(p.typ))
		args = append(args, jen.Id(name))
	}
	v := used.unique("v", "value")
	if len(fn.plan.Results) == 0 {
		v = "_"
	}
	params = append(params, jen.Id(v).Add(fn.valueType()))
	for _, r := range fn.plan.Results {
		args = append(args, jen.Id(v).Dot(r.Field))
	}
	return jen.Func().Params(params...).Add(result).Block(jen.Return(fn.ref(ref).Call(args...)))
}

// param is a parameter of a function literal.
type param struct {
	name string
	typ  *jen.Statement
}

// text writes a value as a text that tells it from others of its type.
func (fn *function) text(v *jen.Statement, t types.Type) *jen.Statement {
	info := t.Underlying().(*types.Basic)
	convert := func(kind types.BasicKind) *jen.Statement {
		if types.Identical(t, types.Typ[kind]) {
			return v
		}
		return jen.Id(types.Typ[kind].Name()).Call(v)
	}
	switch {
	case info.Info()&types.IsString != 0:
		return convert(types.String)
	case info.Info()&types.IsBoolean != 0:
		return fn.std("strconv", "FormatBool").Call(convert(types.Bool))
	case info.Info()&types.IsUnsigned != 0:
		return fn.std("strconv", "FormatUint").Call(convert(types.Uint64), jen.Lit(10))
	case info.Info()&types.IsInteger != 0 && types.Identical(t, types.Typ[types.Int]):
		return fn.std("strconv", "Itoa").Call(v)
	case info.Info()&types.IsInteger != 0:
		return fn.std("strconv", "FormatInt").Call(convert(types.Int64), jen.Lit(10))
	}
	bits := 64
	if info.Kind() == types.Float32 {
		bits = 32
	}
	return fn.std("strconv", "FormatFloat").Call(convert(types.Float64), jen.LitRune('g'), jen.Lit(-1), jen.Lit(bits))
}
