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
	// returns is what results may be, held what memory that was made for them may hold.
	returns, held origin
	params        int // without what was captured; of several, the least
	known         bool
	// edition counts how often reads or writes grew, version how often anything else did.
	edition, version int
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
	grew = s.held.merge(&t.held) || grew
	grew = s.returns.merge(&t.returns) || grew
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
