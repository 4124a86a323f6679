package effects

// summary is what callers need to know of a body, or of several.
type summary struct {
	// writes are those to memory of parameters: 2*i is the own memory of parameter i, 2*i+1 deeper memory.
	writes []*paramWrites
	// reads are those of memory of parameters, numbered in the same way.
	reads []locations
	// sunk are those reads of it that decide nothing but what is written, numbered in the same way.
	sunk []locations
	// content is what is stored in the memory of a parameter, kept the parameters that unknown code gets.
	content []*origin
	kept    bitset
	// holders are the variables whose memory leads to memory of a parameter, numbered as writes are.
	holders []numbers
	// results are those that are no errors, errors the others.
	results, errors returned
	params          int // without what was captured; of several, the least
	known           bool
	// edition counts how often reads or writes grew, version how often anything else did.
	edition, version int
}

// returned is what results may be, and what memory that was made for them may hold.
type returned struct{ direct, held origin }

func (r *returned) merge(q *returned) bool {
	grew := r.direct.merge(&q.direct)
	return r.held.merge(&q.held) || grew
}

// origin is where memory comes from, in terms of a callee: 2*i and 2*i+1 are parameters' memory.
type origin struct {
	params  bitset
	globals numbers
	unknown bool
}

func (o *origin) merge(q *origin) bool {
	grew := o.params.addAll(q.params)
	grew = o.globals.addAll(q.globals) || grew
	if q.unknown && !o.unknown {
		o.unknown, grew = true, true
	}
	return grew
}

// merge adds what another body does. Captured variables of several have nothing to do with each other, and are behind the function value all the same.
func (s *summary) merge(_ *Program, t *summary) bool {
	grew := !s.known
	s.known = true
	for i, c := range t.content {
		if c == nil {
			continue
		}
		grew = s.contentOf(i).merge(c) || grew
	}
	grew = s.kept.addAll(t.kept) || grew
	for k, held := range t.holders {
		for _, g := range held {
			grew = s.heldBy(k, g) || grew
		}
	}
	grew = s.results.merge(&t.results) || grew
	grew = s.errors.merge(&t.errors) || grew
	if grew {
		s.version++
	}
	return grew
}

// heldBy notes that memory of a variable leads to memory of a parameter, and reports whether that is new.
func (s *summary) heldBy(k int, g int32) bool {
	for k >= len(s.holders) {
		s.holders = append(s.holders, nil)
	}
	return s.holders[k].add(g)
}

// contentOf is what is stored in the memory of a parameter, to add to.
func (s *summary) contentOf(param int) *origin {
	for param >= len(s.content) {
		s.content = append(s.content, nil)
	}
	if s.content[param] == nil {
		s.content[param] = &origin{}
	}
	return s.content[param]
}
