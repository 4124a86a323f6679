package directive

import (
	"iter"
	"slices"
)

// Behaviours is a set of behaviours.
type Behaviours uint8

// The behaviours: what a function's line asks for.
const (
	Auto Behaviours = 1 << iota
	Override
	Disable
	// Inherit takes the package default's behaviour. Options are checked against what it stands
	// for.
	Inherit

	anyBehaviour = Auto | Override | Disable | Inherit
)

// Option is what there is to know about an option: parser, errors, help and reference are made from
// it.
type Option struct {
	Name string
	Kind Kind
	// Words are the words that a value of kind Word can be.
	Words []string
	// Value shows the value in help: "fn,…"; "" where there is none.
	Value string
	// Doc is one line of help.
	Doc string
	// Behaviours are those that may have the option.
	Behaviours Behaviours
	// Default says that a package default may have it; then =off takes it back for a function.
	Default bool
	// Package says that it is about the package as a whole: a default alone may have it.
	Package bool
	// Also are names that other systems have for it: what to suggest it for.
	Also []string
}

// Usage is the option as help shows it: "share", "max-age=10m|600|fn", "serialize[=lease]".
func (o Option) Usage() string {
	switch {
	case o.Value == "":
		return o.Name
	case o.Kind.Has(Flag):
		return o.Name + "[=" + o.Value + "]"
	}
	return o.Name + "=" + o.Value
}

// Allows reports whether functions of behaviour b may have the option.
func (o Option) Allows(b Behaviours) bool { return o.Behaviours&b != 0 }

// Refusal says why functions of behaviour b can't have the option, and what to do.
func (o Option) Refusal(b Behaviours) string {
	if b == Override {
		return "//cache:override can't have " + o.Name + ": its version is V and nothing else; " + o.Name + " goes with //cache:auto"
	}
	return "//cache:" + b.String() + " can't have " + o.Name + ": it goes with //cache:override"
}

// options is the table: in the order of the reference.
var options = []Option{
	{
		Name: "version", Kind: Text, Value: "V", Behaviours: Override | Disable | Inherit, Default: true, Also: []string{"cache_version"},
		Doc: "the version of the function, and nothing else is: change it when results change, or what they are keyed by",
	},
	{
		Name: "max-age", Kind: Duration | Func, Value: "10m|600|fn", Behaviours: anyBehaviour, Default: true,
		Also: []string{"ttl", "age", "expire", "expires", "expiry", "expiration", "lifetime", "cache_for"},
		Doc:  "use an entry only up to this age; 0 never uses completed results; fn(results…) time.Duration decides by the value",
	},
	{
		Name: "ignore", Kind: Param | List, Value: "a,b", Behaviours: anyBehaviour, Default: true,
		Also: []string{"exclude", "skip", "omit", "ignored"},
		Doc:  "parameters that stay out of the key; the receiver by its name or as receiver",
	},
	{
		Name: "key", Kind: Path | List, Value: "fn|repo.Owner(),c.Host,q", Behaviours: anyBehaviour, Also: []string{"keyfunc", "hash", "cache_key_fn"},
		Doc: "what alone identifies the result: a function of the same parameters, optionally with an error (no caching for this call), " +
			"or a list of parameters, their fields, and their methods without arguments; all else is a dependency, as if ignored",
	},
	{
		Name: "vary", Kind: Func | List, Value: "fn,…", Behaviours: anyBehaviour, Default: true,
		Doc: "fn(context.Context) K: what the context says joins the key",
	},
	{
		Name: "namespace", Kind: Text, Value: "s", Behaviours: anyBehaviour, Also: []string{"group", "prefix"},
		Doc: "replaces import path and function in keys: same namespace, version, shape and inputs are one entry",
	},
	{
		Name: "salt", Kind: Text, Value: "s", Behaviours: anyBehaviour, Default: true,
		Doc: "goes into every key",
	},
	{
		Name: "policy", Kind: Word | Func | List, Words: []string{"deep", "body", "go"}, Value: "deep|body|go|fn,…",
		Behaviours: Auto | Disable | Inherit, Default: true,
		Doc: "what makes the version: all that is reached (deep), the function alone, without helpers, and other modules (body), " +
			"the toolchain too (go), functions asked at each call",
	},
	{
		Name: "validate", Kind: Func, Value: "fn", Behaviours: anyBehaviour, Default: true, Also: []string{"validator", "cache_validator"},
		Doc: "fn(context.Context, cache.Entry, results…) bool: may this found entry be used?",
	},
	{
		Name: "unless", Kind: Func, Value: "fn", Behaviours: anyBehaviour, Default: true, Also: []string{"except", "condition"},
		Doc: "fn(results…) bool: true keeps this result out",
	},
	{
		Name: "per", Kind: Word, Words: []string{"run", "receiver"}, Value: "run|receiver", Behaviours: anyBehaviour, Default: true,
		Doc: "entries belong to the run of cache.WithRun, or to one receiver value, in memory and gone with it",
	},
	{
		Name: "serialize", Kind: Flag | Duration, Value: "lease", Behaviours: anyBehaviour, Default: true,
		Also: []string{"serialise", "lock", "cache_serialize"},
		Doc:  "one execution among all processes that share the store, under a lease of this length",
	},
	{
		Name: "coalesce", Kind: Flag, Value: "off", Behaviours: anyBehaviour, Default: true, Also: []string{"join", "singleflight"},
		Doc: "off keeps calls in flight with one key apart, which otherwise join",
	},
	{
		Name: "stale-while-revalidate", Kind: Duration, Value: "d", Behaviours: anyBehaviour, Default: true, Also: []string{"swr"},
		Doc: "RFC 5861: for this long past max-age use the entry and refresh it in the background",
	},
	{
		Name: "stale-if-error", Kind: Duration, Value: "d", Behaviours: anyBehaviour, Default: true,
		Doc: "RFC 5861: for this long past max-age use the entry if the function fails",
	},
	{
		Name: "error-max-age", Kind: Duration, Value: "d", Behaviours: anyBehaviour, Default: true, Also: []string{"negative-ttl"},
		Doc: "an error is kept in this process for this long",
	},
	{
		Name: "target", Kind: Template, Value: "TEMPLATE", Behaviours: anyBehaviour, Also: []string{"path"},
		Doc: "the result lives at this readable path of the store: existing means valid",
	},
	{
		Name: "store", Kind: Text, Value: "name|memory", Behaviours: anyBehaviour, Default: true, Also: []string{"backend"},
		Doc: "a store registered under this name; memory is this process alone",
	},
	{
		Name: "types", Kind: Type | List, Value: "T,*T,pkg.T", Behaviours: anyBehaviour, Also: []string{"concrete", "implementations"},
		Doc: "types that can be behind an interface in the results, where the package doesn't tell",
	},
	{
		Name: "drop", Kind: Result | List, Value: "resp", Behaviours: anyBehaviour, Also: []string{"transient", "omit-result"},
		Doc: "results that are not kept, by their names or their types': whoever executes the function gets them, on a hit they are zero",
	},
	{
		Name: "portable", Kind: Flag, Behaviours: anyBehaviour, Default: true, Also: []string{"platform-independent"},
		Doc: "results don't depend on the build (system, processor, tags, flags, variables set by the linker), which stays out of the key",
	},
	{
		Name: "memory-entries", Kind: Count, Value: "n", Behaviours: anyBehaviour, Default: true,
		Also: []string{"size", "maxsize", "max-entries", "capacity"},
		Doc:  "entries of this function kept in memory",
	},
	{
		Name: "share", Kind: Flag, Behaviours: anyBehaviour, Default: true, Also: []string{"nocopy"},
		Doc: "hand out the cached value itself instead of a copy: nobody may ever change it, for others read it and it is stored in the background",
	},
	{
		Name: "tags", Kind: Template | List, Value: "a,b", Behaviours: anyBehaviour, Default: true, Also: []string{"tag", "labels"},
		Doc: "groups for cache.ForgetTags; {param} and {param.Field} are filled in",
	},
	{
		Name: "batch", Kind: Param, Value: "param", Behaviours: anyBehaviour,
		Doc: "func(ctx, ids []K, …) (map[K]V, error): cached per element, called once with the missing ones",
	},
	{
		Name: "keep-inputs", Kind: Flag, Behaviours: anyBehaviour, Default: true,
		Doc: "store inputs in full, for Inputs and Warm, else a digest and a short preview",
	},
	{
		Name: "keep-failed", Kind: Flag, Behaviours: anyBehaviour, Default: true,
		Doc: "store the inputs of failed calls in full too",
	},
	{
		Name: "secret", Kind: Param | List, Value: "a", Behaviours: anyBehaviour, Default: true, Also: []string{"sensitive", "redact"},
		Doc: "parameters whose value is never stored or logged, only digested; those called password, token, apikey and the like are " +
			"without being asked, and off takes that back",
	},
	{
		Name: "reviewed", Kind: Flag, Behaviours: anyBehaviour, Default: true,
		Doc: "warnings about what no version can see were read",
	},
	{
		Name: "trust", Kind: Flag, Behaviours: anyBehaviour, Default: true,
		Doc: "behaviour that callers bring (MarshalText, methods of type arguments) is vouched for",
	},
	{
		Name: "name", Kind: Ident, Value: "Ident", Behaviours: anyBehaviour, Also: []string{"wrapper", "as"},
		Doc: "the wrapper's name",
	},
	{
		Name: "file", Kind: Ident, Value: "NAME", Behaviours: anyBehaviour, Default: true, Package: true, Also: []string{"output", "out"},
		Doc: "in a package default alone: generated code goes to NAME_gen.go, where another program has taken cache_gen.go",
	},
}

// Options yields the table of options in the order of the reference.
func Options() iter.Seq[Option] { return slices.Values(options) }

// LookupOption returns the option of that name.
func LookupOption(name string) (Option, bool) {
	i := slices.IndexFunc(options, func(o Option) bool { return o.Name == name })
	if i < 0 {
		return Option{}, false
	}
	return options[i], true
}

// suggestOption returns the option that was probably meant, or "".
func suggestOption(name string) string {
	for _, o := range options {
		if slices.Contains(o.Also, name) {
			return o.Name
		}
	}
	return Nearest(name, func(yield func(string) bool) {
		for _, o := range options {
			if !yield(o.Name) {
				return
			}
		}
	})
}
