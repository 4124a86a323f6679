package model

import (
	"go/token"
	"slices"
	"time"

	"github.com/cachegen/cachegen/generator/internal/directive"
)

// options fills in the function's options from its settings. What is wrong is reported and left
// out.
func (b *functionBuilder) options() {
	o := &b.f.Options
	o.Pos = map[string]token.Position{}
	for name, one := range b.set {
		o.Pos[name] = one.Pos
	}
	o.Version = b.set.first("version").Text
	o.Namespace = b.set.first("namespace").Text
	o.Salt = b.set.first("salt").Text
	o.Store = b.set.first("store").Text
	o.MemoryEntries = b.set.first("memory-entries").Count

	o.PerRun = b.set.holds(term{"per", "run"})
	o.PerReceiver = b.set.holds(term{"per", "receiver"})
	o.Serialize = b.set.flag("serialize")
	o.NoJoin = b.set.holds(term{"coalesce", "off"})
	o.NoSecrets = b.set.holds(term{"secret", "off"})
	o.Portable = b.set.flag("portable")
	o.Share = b.set.flag("share")
	o.KeepInputs = b.set.flag("keep-inputs")
	o.KeepFailed = b.set.flag("keep-failed")
	o.Reviewed = b.set.flag("reviewed")
	o.Trust = b.set.flag("trust")

	o.Lease = b.set.first("serialize").Duration
	o.StaleWhileRevalidate = b.set.first("stale-while-revalidate").Duration
	o.StaleIfError = b.set.first("stale-if-error").Duration
	o.ErrorMaxAge = b.set.first("error-max-age").Duration
	b.positive("serialize", "stale-while-revalidate", "stale-if-error", "error-max-age")

	b.types()
	b.drop()
	b.namedParameters()
	b.references()
	b.templates()
}

// positive reports durations that mean nothing when they are zero.
func (b *functionBuilder) positive(options ...string) {
	for _, name := range options {
		if one, ok := b.set[name]; ok && one.Is("0") {
			b.errorf(one.ValuePos, "%s: 0 means nothing here: leave the option out, or switch a default off with %s=off", name, name)
		}
	}
}

// namedParameters applies the options that name parameters.
func (b *functionBuilder) namedParameters() {
	for _, p := range b.listed("ignore") {
		p.Ignored = true
	}
	for _, p := range b.listed("secret") {
		p.Secret = true
	}
	if r := b.f.Receiver; r != nil && b.f.Options.PerReceiver {
		if r.Ignored && !b.set["ignore"].inherited {
			b.errorf(b.set["ignore"].Pos, "ignore: with per=receiver the receiver is not in the key: leave it out here")
		}
		r.Ignored = true
	}
	b.batch()
}

// listed returns the parameters that an option lists. Those that a package default lists and this
// function doesn't have don't concern it.
func (b *functionBuilder) listed(option string) []*Param {
	var params []*Param
	one := b.set[option]
	if one.Arg == nil {
		return nil
	}
	for _, item := range one.Items {
		switch p := b.param(item.Text); {
		case p == nil && !one.inherited:
			b.unknownParam(option, item)
		case p == nil:
		case b.isAmbiguous(item.Text):
			b.errorf(item.Pos, "%s: receiver is the receiver of %s and a parameter: call the parameter something else", option, b.f.Obj.Name())
		case slices.Contains(params, p):
			b.errorf(item.Pos, "%s: %s and receiver are one", option, p.Var.Name())
		default:
			if one.inherited {
				b.named[item.Text] = true
			}
			params = append(params, p)
		}
	}
	return params
}

// param finds a parameter, or the receiver, by the name that an option calls it; nil if there is
// none.
func (b *functionBuilder) param(name string) *Param {
	if p := b.namedParam(name); p != nil || name != "receiver" {
		return p
	}
	return b.f.Receiver
}

// isAmbiguous reports whether a name is what options call the receiver and a parameter is called,
// too.
func (b *functionBuilder) isAmbiguous(name string) bool {
	p := b.namedParam(name)
	return name == "receiver" && p != nil && b.f.Receiver != nil && p != b.f.Receiver
}

// namedParam finds a parameter, or the receiver, by its own name; nil if there is none.
func (b *functionBuilder) namedParam(name string) *Param {
	all := b.f.All()
	i := slices.IndexFunc(all, func(p *Param) bool { return p.Var.Name() == name && name != "_" })
	if i < 0 {
		return nil
	}
	return all[i]
}

func (b *functionBuilder) unknownParam(option string, item directive.Item) {
	b.errorf(item.Pos, "%s: %s has no parameter %s%s", option, b.f.Obj.Name(), item.Text,
		directive.DidYouMean(directive.Nearest(item.Text, b.paramNames)))
}

// paramNames yields the names that options can call parameters.
func (b *functionBuilder) paramNames(yield func(string) bool) {
	for _, p := range b.f.All() {
		if name := p.Var.Name(); name != "" && name != "_" && !yield(name) {
			return
		}
	}
	if b.f.Receiver != nil {
		yield("receiver")
	}
}

// references applies the options that name functions.
func (b *functionBuilder) references() {
	o := &b.f.Options
	b.key()
	o.Validate = b.reference("validate", b.validateSignature())
	o.Unless = b.reference("unless", b.resultsSignature(basic("bool")))
	for _, item := range b.items("vary") {
		if ref := b.refer("vary", item, varySignature); ref != nil {
			o.Vary = append(o.Vary, ref)
		}
	}
	for _, item := range b.items("policy") {
		switch {
		case item.Kind == directive.Word:
			o.Body = o.Body || item.Text == "body"
			o.Toolchain = o.Toolchain || item.Text == "go"
		default:
			if ref := b.refer("policy", item, policySignature); ref != nil {
				o.Policies = append(o.Policies, ref)
			}
		}
	}
	switch item := b.set.first("max-age"); item.Kind {
	case directive.Duration:
		o.MaxAge = new(time.Duration)
		*o.MaxAge = item.Duration
	case directive.Func:
		o.MaxAgeFunc = b.reference("max-age", b.resultsSignature(named("time", "Duration")))
	}
}

// items are the values of an option in force.
func (b *functionBuilder) items(option string) []directive.Item {
	if one, ok := b.set[option]; ok {
		return one.Items
	}
	return nil
}

// reference resolves the function of an option that names one; nil if the option isn't there or
// wrong.
func (b *functionBuilder) reference(option string, wanted signature) *FuncRef {
	item := b.set.first(option)
	if item.Kind != directive.Func {
		return nil
	}
	return b.refer(option, item, wanted)
}
