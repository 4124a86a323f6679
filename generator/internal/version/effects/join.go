package effects

import (
	"slices"
	"strings"
	"sync"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// Program joins the facts of all packages. It is not changed once [Join] returned it, and safe for concurrent use.
type Program struct {
	names        []string // of locations
	sets         *locationTable
	locations    map[string]int32
	globals      map[facts.ID]int32
	ids          []facts.ID // of globals
	held         map[int32]string
	types        map[string]*described
	bodies       map[string]*body
	order        []*body
	keys         map[string]*merged
	converted    []*converted
	captured     map[string][]string // by signature, the types of what literals captured
	capturing    *signatures         // those of captured
	taken        map[string]numbers  // by type, locations whose address is known
	same         map[int32]numbers   // locations that are one memory
	class        []int32             // of globals: parents in the forest of classes
	behinds      []int32             // of globals: what they lead to, -1 if nobody asked
	recovers     bool                // somebody sees what was panicked with
	inert        []bool              // of globals: whether they lead to nothing that anybody can change
	leaky        []bool              // of the roots of classes
	hides        []bool              // of globals: whether they stand for what modules outside keep
	version      int                 // counts what became of classes
	queue        []int               // for walks, one at a time
	units        []*Unit
	byID         map[facts.ID]*Unit
	called       map[string]*name // by name
	accessed     []access         // what units read and write
	opened       map[int32]bitset // locations that stand for others
	kinds        map[byte]numbers
	reached      map[string]bitset // by type
	unsafely     bitset            // locations that unsafe pointers lead to
	takenWild    numbers           // those of which the type has type parameters in it
	takenAs      map[int32]numbers // the pointees that a location may be
	implementers map[string][]string
	users        map[int32]bool // classes with variables of the user's
	members      map[int32]int  // of classes
	hidden       bitset         // the locations of what modules outside hide
	process      bitset         // the location of the state of the process, which is one of them
	openedSets   map[openedSet]bitset
	writersOf    map[int32][]facts.ID // of a variable
	asking       sync.Mutex           // held while something is opened or reached, or writers are looked for
}

// described is a type with its locations numbered.
type described struct {
	*facts.MemoryType
	locations numbers
}

// converted is a type that is converted to an interface somewhere.
type converted struct {
	key     string
	methods map[string]bool
	local   bool
}

// merged is what can be called by a key, and what all of it together does.
type merged struct {
	bodies  []*body
	sum     summary
	callers []*body
}

// Join joins the facts of packages. Links are pairs of names of one function or variable. Keeper may have what was found when the same was joined.
func Join(packages []*facts.Effects, links []facts.Link, keeper Keeper) *Program {
	p := collect(packages, links)
	if keeper == nil {
		p.join()
		return p
	}
	if data, ok := keeper.Get(); ok {
		if j, err := joinedForm.Unmarshal(data); err == nil && p.restore(j) {
			return p
		}
		p = collect(packages, links)
	}
	locations, globals := len(p.names), len(p.ids)
	p.join()
	keeper.Put(joinedForm.Marshal(p.keep(locations, globals)))
	return p
}

// collect adds the facts of packages to an empty program.
func collect(packages []*facts.Effects, links []facts.Link) *Program {
	p := &Program{
		sets: newLocationTable(), locations: map[string]int32{}, globals: map[facts.ID]int32{}, held: map[int32]string{}, types: map[string]*described{}, bodies: map[string]*body{},
		keys: map[string]*merged{}, captured: map[string][]string{}, taken: map[string]numbers{}, same: map[int32]numbers{},
		byID: map[facts.ID]*Unit{}, called: map[string]*name{}, writersOf: map[int32][]facts.ID{}, opened: map[int32]bitset{}, reached: map[string]bitset{},
		takenAs: map[int32]numbers{}, implementers: map[string][]string{}, users: map[int32]bool{}, openedSets: map[openedSet]bitset{}, members: map[int32]int{},
	}
	for _, f := range packages {
		p.addPackage(f)
	}
	p.link(links)
	p.findInert(packages, links)
	p.recovers = slices.ContainsFunc(p.order, (*body).recovers)
	p.dispatch(packages)
	return p
}

// join finds what follows from the facts.
func (p *Program) join() {
	order := p.calleesFirst()
	p.follow(order, (*body).analyse, (*summary).merge)
	p.follow(order, (*body).access, (*summary).mergeAccess)
	p.finish()
}

// unsafeLocation is one with all that unsafe pointers lead to.
const unsafeLocation = "P:" + facts.UnsafeType

// processState is the location of the state of the process.
const processState = facts.HiddenLocation + stdmodel.ProcessState

func (p *Program) location(name string) int32 {
	n, ok := p.locations[name]
	if !ok {
		n = int32(len(p.names))
		p.locations[name] = n
		p.names = append(p.names, name)
		if strings.HasPrefix(name, facts.HiddenLocation) {
			p.hidden.add(int(n))
			if name == processState {
				p.process.add(int(n))
			}
		}
	}
	return n
}

func (p *Program) global(id facts.ID) int32 {
	n, ok := p.globals[id]
	if !ok {
		n = int32(len(p.ids))
		p.globals[id] = n
		p.ids = append(p.ids, id)
		p.class = append(p.class, n)
		p.leaky = append(p.leaky, false)
		p.hides = append(p.hides, id.Name == facts.HiddenName)
		p.behinds = append(p.behinds, -1)
		if id.Name == facts.HiddenName {
			p.behinds[n] = n
		}
	}
	return n
}

// behind is what a package variable leads to, as a variable of its own. What a module keeps is one with what that leads to.
func (p *Program) behind(g int32) int32 {
	if p.behinds[g] < 0 {
		id := p.ids[g]
		id.Name += behindMark
		b := p.global(id)
		p.behinds[b] = b
		p.behinds[g] = b
	}
	return p.behinds[g]
}

// behindMark ends the names of what variables lead to.
const behindMark = "\x00*"

// isHidden reports whether a variable stands for what a module outside keeps.
func (p *Program) isHidden(g int32) bool { return p.hides[g] }

// numbering translates the numbers of one package.
type numbering struct {
	locations []int32
	globals   []int32
	anything  int // in the package's own numbers
	panicking int32
}

func (n *numbering) of(locations []int) numbers {
	var out numbers
	for _, l := range locations {
		out = append(out, n.locations[l])
	}
	slices.Sort(out)
	return out
}

func (p *Program) addPackage(f *facts.Effects) {
	n := &numbering{anything: slices.Index(f.Locations, facts.Anything), panicking: p.global(facts.Panicking)}
	for _, name := range f.Locations {
		n.locations = append(n.locations, p.location(name))
	}
	for _, id := range f.Globals {
		n.globals = append(n.globals, p.global(id))
	}
	for i := range f.Types {
		if t := &f.Types[i]; p.types[t.Key] == nil {
			p.types[t.Key] = &described{t, n.of(t.Locations)}
		}
	}
	for name, key := range f.Held {
		p.held[p.global(facts.ID{Package: f.Path, Name: name})] = key
	}
	for _, t := range f.Taken {
		if t.Type == facts.UnsafeType {
			p.unsafely.add(int(n.locations[t.Location]))
			p.location(unsafeLocation)
			continue
		}
		known := p.taken[t.Type]
		known.add(n.locations[t.Location])
		p.taken[t.Type] = known
		if strings.Contains(t.Type, "?") {
			p.takenWild.add(n.locations[t.Location])
		}
		as := p.takenAs[n.locations[t.Location]]
		as.add(p.location("P:" + t.Type))
		p.takenAs[n.locations[t.Location]] = as
	}
	for _, pair := range f.Same {
		p.unify(n.locations[pair[0]], n.locations[pair[1]])
	}
	for _, b := range f.Bodies {
		if p.bodies[b.Name] == nil { // those of other modules are described by each package that calls them
			p.addBody(b, n)
		}
	}
}

// unify makes two locations one memory.
func (p *Program) unify(a, b int32) {
	group := slices.Concat(p.same[a], p.same[b], numbers{a, b})
	slices.Sort(group)
	group = slices.Compact(group)
	for _, l := range group {
		p.same[l] = group
	}
}

// link gives functions without a body the body that they are linked to, and makes variables with two names one.
func (p *Program) link(links []facts.Link) {
	for _, l := range links {
		a, b := facts.BodyName(l.Local), facts.BodyName(l.Target)
		switch {
		case p.bodies[a] == nil && p.bodies[b] != nil:
			p.bodies[a] = p.bodies[b]
		case p.bodies[b] == nil && p.bodies[a] != nil:
			p.bodies[b] = p.bodies[a]
		}
		g, isGlobal := p.globals[l.Local]
		h, isOther := p.globals[l.Target]
		if isGlobal && isOther {
			p.unite(g, h)
			p.unify(p.location(globalLocation(l.Local)), p.location(globalLocation(l.Target)))
			p.unifyParts(g, h)
		}
	}
}

// unifyParts makes all parts of two variables one memory: their types need not be the same.
func (p *Program) unifyParts(g, h int32) {
	var parts numbers
	for _, v := range []int32{g, h} {
		if t := p.types[p.held[v]]; t != nil {
			parts.addAll(t.locations)
		}
	}
	for _, l := range parts {
		p.unify(parts[0], l)
	}
}

// ---- classes of variables, as in Steensgaard's analysis: variables of which one leads to memory of the other are one

func (p *Program) find(g int32) int32 {
	for p.class[g] != g {
		p.class[g] = p.class[p.class[g]]
		g = p.class[g]
	}
	return g
}

func (p *Program) unite(g, h int32) {
	g, h = p.find(g), p.find(h)
	if g == h {
		return
	}
	g, h = min(g, h), max(g, h)
	p.class[h] = g
	p.leaky[g] = p.leaky[g] || p.leaky[h]
	p.version++
}

// leak notes that code of which nothing is known may have the memory of a variable.
func (p *Program) leak(g int32) {
	if g = p.find(g); !p.leaky[g] {
		p.leaky[g] = true
		p.version++
	}
}

// ---- order

// follow looks at bodies, callees first, and again when more is known of what they call. Merge adds the summary of a body to that of a key.
func (p *Program) follow(order []*body, look func(*body, *Program) bool, merge func(to *summary, p *Program, from *summary) bool) {
	q := newAgenda(len(order))
	for i, b := range order {
		b.index = i
		q.add(i)
	}
	add := func(bodies []*body) {
		for _, b := range bodies {
			q.add(b.index)
		}
	}
	for i, ok := q.next(); ok; i, ok = q.next() {
		b := order[i]
		if !look(b, p) {
			continue
		}
		add(b.callers)
		for _, key := range b.keys {
			if m := p.keys[key]; merge(&m.sum, p, &b.sum) {
				add(m.callers)
			}
		}
	}
}

// calleesFirst orders bodies after those that they call, as far as calls go in no circle: then most are looked at once.
func (p *Program) calleesFirst() []*body {
	order := make([]*body, 0, len(p.order))
	visited := make(map[*body]bool, len(p.order))
	var visit func(b *body)
	visit = func(b *body) {
		if b == nil || visited[b] {
			return
		}
		visited[b] = true
		for i := range b.Ops {
			if o := &b.Ops[i]; o.Callee != "" {
				visit(p.bodies[o.Callee])
			} else if o.Key != "" {
				for _, c := range p.keys[o.Key].bodies {
					visit(c)
				}
			}
		}
		order = append(order, b)
	}
	for _, b := range p.order {
		visit(b)
	}
	return order
}
