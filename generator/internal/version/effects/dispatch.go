package effects

import (
	"maps"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// dispatch finds what is called by keys.
func (p *Program) dispatch(packages []*facts.Effects) {
	asked := p.findCallers()
	p.dispatchMethods(packages)
	p.dispatchMembers(packages, asked)
	p.dispatchSignatures(asked)
}

// answers lets a body be called by a key.
func (p *Program) answers(key string, b *body) {
	if m := p.key(key); b != nil && !slices.Contains(m.bodies, b) {
		m.bodies = append(m.bodies, b)
		b.keys = append(b.keys, key)
	}
}

func (p *Program) key(key string) *merged {
	m := p.keys[key]
	if m == nil {
		m = &merged{}
		p.keys[key] = m
	}
	return m
}

// findCallers notes who calls whom, and returns the keys by which something is called, in order.
func (p *Program) findCallers() []string {
	asked := map[string]bool{}
	for _, b := range p.order {
		for i := range b.Ops {
			o := &b.Ops[i]
			if o.Kind != facts.OpInvoke && o.Kind != facts.OpCreate {
				continue
			}
			if o.Callee != "" {
				if c := p.bodies[o.Callee]; c != nil && !slices.Contains(c.callers, b) {
					c.callers = append(c.callers, b)
				}
				continue
			}
			asked[o.Key] = true
			if m := p.key(o.Key); !slices.Contains(m.callers, b) {
				m.callers = append(m.callers, b)
			}
		}
	}
	return slices.Sorted(maps.Keys(asked))
}

// dispatchMethods finds what is called by the keys that bodies themselves have: methods of converted types, what code outside made, function values.
func (p *Program) dispatchMethods(packages []*facts.Effects) {
	seen := map[string]bool{}
	for _, f := range packages {
		for _, c := range f.Converted {
			if seen[c.Type] {
				continue
			}
			seen[c.Type] = true
			t := &converted{key: c.Type, methods: map[string]bool{}, local: strings.Contains(c.Type, facts.LocalMark)}
			for _, m := range c.Methods {
				p.answers(m.Key, p.bodies[m.Body])
				name, _, _ := strings.Cut(m.Key, " #")
				t.methods[name] = true
			}
			p.converted = append(p.converted, t)
		}
		for _, m := range f.Foreign {
			p.answers(m.Key, p.bodies[m.Body])
		}
		for _, v := range f.Values {
			p.answers(v.Key, p.bodies[v.Body])
			p.captured[v.Key] = append(p.captured[v.Key], v.Captured...)
		}
	}
}

// dispatchMembers finds what is called by keys of methods of interfaces: those of the types that have all methods of the interface.
func (p *Program) dispatchMembers(packages []*facts.Effects, asked []string) {
	bodies := map[string]map[string][]string{} // by type and key
	for _, f := range packages {
		for _, c := range f.Converted {
			if bodies[c.Type] == nil {
				bodies[c.Type] = map[string][]string{}
			}
			for _, m := range c.Methods {
				bodies[c.Type][m.Key] = append(bodies[c.Type][m.Key], m.Body)
			}
		}
	}
	for _, key := range asked {
		method, names, ok := facts.CutMemberKey(key)
		if !ok {
			continue
		}
		for _, t := range p.implementing(names) {
			for _, body := range bodies[t][method] {
				p.answers(key, p.bodies[body])
			}
		}
	}
}

// dispatchSignatures finds what is called by keys of signatures that fit and are not equal: one has type parameters where the other has types (rule 9).
func (p *Program) dispatchSignatures(asked []string) {
	answered := slices.Sorted(maps.Keys(p.keys))
	s := newSignatures(answered)
	bodies := map[string][]*body{} // by the keys that they have themselves
	for _, key := range answered {
		bodies[key] = p.keys[key].bodies
	}
	for _, key := range asked {
		for _, other := range s.fitting(key) {
			for _, b := range bodies[other] {
				p.answers(key, b)
			}
		}
	}
	p.capturing = newSignatures(slices.Sorted(maps.Keys(p.captured)))
}

// signatures are keys of signatures, by what they have in common when they fit.
type signatures struct{ all, generic map[string][]string }

func newSignatures(keys []string) *signatures {
	s := &signatures{all: map[string][]string{}, generic: map[string][]string{}}
	for _, key := range keys {
		kind, typ, ok := facts.CutSignatureKey(key)
		if !ok {
			continue
		}
		s.all[kind] = append(s.all[kind], key)
		if facts.HasTypeParameters(typ) {
			s.generic[kind] = append(s.generic[kind], key)
		}
	}
	return s
}

// fitting are the keys that fit another and are not equal to it, in the order in which they were added.
func (s *signatures) fitting(key string) []string {
	kind, typ, ok := facts.CutSignatureKey(key)
	if !ok {
		return nil
	}
	candidates := s.generic[kind]
	if facts.HasTypeParameters(typ) {
		candidates = s.all[kind]
	}
	var found []string
	for _, other := range candidates {
		if other != key && facts.SignaturesFit(key, other) {
			found = append(found, other)
		}
	}
	return found
}

// capturedBy are the types of what literals captured that may be values of a signature.
func (p *Program) capturedBy(signature string) []string {
	found := slices.Clone(p.captured[signature])
	for _, other := range p.capturing.fitting(signature) {
		found = append(found, p.captured[other]...)
	}
	return found
}
