package effects

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// args are the entities of what is passed, by the numbering of summaries, as far as they were asked for.
type args struct {
	a     *analysis
	op    *facts.Op
	known []bitset
	asked []bool
	free  bitset
}

func (a *analysis) args(o *facts.Op) *args {
	x := &args{a: a, op: o, known: make([]bitset, 2*len(o.Args)), asked: make([]bool, 2*len(o.Args)+1)}
	return x
}

// at is what a callee's parameter stands for; what it captured is behind the function value.
func (x *args) at(k int) bitset {
	if k < len(x.known) {
		if !x.asked[k] {
			x.asked[k] = true
			if k%2 == 0 {
				x.known[k] = x.a.eval(x.op.Args[k/2].Value)
			} else {
				x.known[k] = x.a.behind(x.at(k - 1))
			}
		}
		return x.known[k]
	}
	if len(x.op.Base) > 0 {
		if last := len(x.known); !x.asked[last] {
			x.asked[last] = true
			x.free = x.a.behind(x.a.eval(x.op.Base))
		}
		return x.free
	}
	if x.op.Callee != "" {
		return nil
	}
	return bitset{1}
}

// origin translates what a callee says.
func (x *args) origin(o *origin) bitset {
	var found bitset
	for k := range o.params.all() {
		found.addAll(x.at(k))
	}
	for _, g := range o.globals {
		found.add(x.a.globalEntity(g))
	}
	if o.unknown {
		found.add(0)
	}
	return found
}

func (a *analysis) invoke(o *facts.Op) {
	if o.Callee != "" {
		if c := a.p.bodies[o.Callee]; c != nil {
			a.apply(&c.sum, o)
		} else {
			a.missing(o)
		}
		return
	}
	a.apply(&a.p.keys[o.Key].sum, o)
}

// missing is a call of code that is not there: it may do anything to what it gets.
func (a *analysis) missing(o *facts.Op) {
	for _, arg := range o.Args {
		a.into(bitset{1}, a.eval(arg.Value))
	}
	a.addResult(o.Result, bitset{1})
	a.addResult(o.Error, bitset{1})
}

// apply does to arguments what a callee does to its parameters.
func (a *analysis) apply(s *summary, o *facts.Op) {
	x := a.args(o)
	for i, c := range s.content {
		if c != nil {
			to := x.at(2 * i)
			to = slices.Clone(to)
			to.addAll(x.at(2*i + 1))
			a.into(to, x.origin(c))
		}
	}
	for k := range s.kept.all() {
		a.into(bitset{1}, x.at(k))
	}
	a.hold(s, x, 0)
	a.receive(o.Result, &s.results, x)
	a.receive(o.Error, &s.errors, x)
}

// receive makes the results of a call what a callee says.
func (a *analysis) receive(result int, from *returned, x *args) {
	if result == 0 {
		return
	}
	direct := x.origin(&from.direct)
	direct.add(a.own(result))
	a.addResult(result, direct)
	var own bitset
	own.add(a.own(result))
	a.into(own, x.origin(&from.held))
}

// create makes a function value. Whoever calls it passes the arguments; what it does to what it captured, it does from here on.
func (a *analysis) create(c *body, o *facts.Op) {
	params := len(c.Params) - c.Free
	x := a.captured(c, o)
	s := &c.sum
	for i := params; i < len(s.content); i++ {
		if s.content[i] != nil {
			to := slices.Clone(x.at(2 * i))
			to.addAll(x.at(2*i + 1))
			val := x.origin(s.content[i])
			for k := range s.content[i].params.all() {
				if k < 2*params {
					val.add(0) // whatever it is called with
				}
			}
			a.into(to, val)
		}
	}
	for k := range s.kept.all() {
		a.into(bitset{1}, x.at(k))
	}
	a.hold(s, x, 2*params)
}

// captured are what a literal captured, as arguments.
func (a *analysis) captured(c *body, o *facts.Op) *args {
	params := len(c.Params) - c.Free
	x := &args{a: a, op: o, known: make([]bitset, 2*len(c.Params)), asked: slices.Repeat([]bool{true}, 2*len(c.Params)+1)}
	for i, arg := range o.Args {
		v := a.eval(arg.Value)
		if k := 2 * (params + i); k+1 < len(x.known) {
			x.known[k], x.known[k+1] = v, a.behind(v)
		}
	}
	return x
}

// hold lets variables lead to what is passed, as a callee says of its parameters from a number on.
func (a *analysis) hold(s *summary, x *args, first int) {
	for k := first; k < len(s.holders); k++ {
		var owners bitset
		for _, g := range s.holders[k] {
			owners.add(a.globalEntity(g))
		}
		if !owners.empty() {
			a.into(owners, x.at(k))
		}
	}
}
