package programs

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// Compose makes a program of random shapes. It is the same each time for a seed. A program that must be the only one of its process
// uses what a process has only once.
func Compose(seed uint64, id int, alone bool) *Program {
	b := &builder{Rand: rand.New(rand.NewPCG(seed, 1))}
	b.program = &Program{ID: id, Files: map[FileName][]string{}, Data: map[string]string{}, Imports: map[string][]string{}, Private: id%10 == 0, builder: b}
	b.memory(alone)
	for range 1 + b.IntN(3) {
		b.writer()
	}
	for range 2 + b.IntN(3) {
		b.root()
	}
	return b.program
}

// more returns a copy of the program to which another writer was added.
func (p *Program) more(r *rand.Rand) *Program {
	c := p.clone()
	b := *p.builder
	b.Rand, b.program = r, c
	b.fresh += 500
	b.writer()
	return c
}

// builder makes a program.
type builder struct {
	*rand.Rand
	program *Program
	fresh   int
	// used is the kind of the program's memory, places are what leads to it.
	used   memory
	places []place
}

// place is an expression that leads to the program's memory.
type place struct {
	expr, pkg string
	// late places exist once the package's init functions have run.
	late bool
}

func pick[T any](b *builder, from []T) T { return from[b.IntN(len(from))] }

// name is the end of a name that occurs once.
func (b *builder) name() string {
	b.fresh++
	return fmt.Sprintf("%d_%d", b.program.ID, b.fresh)
}

// declare adds declarations to a package: mostly to its first file.
func (b *builder) declare(pkg string, decls ...string) {
	file := FileName{pkg, 1}
	if b.IntN(4) == 0 {
		file.Number = 2
	}
	b.program.Files[file] = append(b.program.Files[file], decls...)
}

// shape notes that a shape was used.
func (b *builder) shape(name string) { b.program.Shapes = append(b.program.Shapes, name) }

var placeholder = regexp.MustCompile(`\$[A-Za-z]+`)

// fill makes text of a shape: here is the package that it declares things in, # ends names that are its own, @ those that the program
// has once, $k is a constant, and the others stand for what with says.
func (b *builder) fill(shape, here, name string, with map[string]string) string {
	shape = strings.NewReplacer("here·", here+"·", "#", name, "@", fmt.Sprint(b.program.ID)).Replace(shape)
	return placeholder.ReplaceAllStringFunc(shape, func(s string) string {
		if s == "$k" {
			return b.constant()
		}
		return with[s]
	})
}

// constant is a number: a literal, or a constant's name.
func (b *builder) constant() string {
	v := fmt.Sprint(2 + b.IntN(7))
	if b.IntN(4) > 0 {
		return v
	}
	name := "K" + b.name()
	b.declare(base, "const "+name+" = "+v)
	return "base·" + name
}

// above chooses a package that can use the place: its own, unless the place is late, or one that may import it.
func (b *builder) above(p place) string {
	var may []string
	for _, q := range packages {
		if q == p.pkg && !p.late || layer[q] > layer[p.pkg] {
			may = append(may, q)
		}
	}
	return pick(b, may)
}

// memory declares memory and ways to it.
func (b *builder) memory(alone bool) {
	kinds := memories
	if b.IntN(6) == 0 || alone {
		kinds = slices.DeleteFunc(slices.Clone(hidden), func(m memory) bool { return m.alone != alone })
	}
	b.used = pick(b, kinds)
	b.shape(b.used.name)
	for _, d := range b.used.decls {
		b.declare(base, b.fill(d, base, b.name(), nil))
	}
	p := place{pkg: pick(b, []string{base, lib, left})}
	name := b.name()
	p.expr = p.pkg + "·Mem" + name
	b.declare(p.pkg, b.fill("var Mem# = "+b.used.fresh, p.pkg, name, map[string]string{"$v": b.constant()}))
	b.places = []place{p}
	for range b.IntN(5) {
		b.way()
	}
}

// way adds a way to the memory that starts at one that there is.
func (b *builder) way() {
	from, w := pick(b, b.places), pick(b, ways)
	here := b.above(from)
	if w.late && here == top {
		return // nobody could use it
	}
	name := b.name()
	with := map[string]string{"$h": from.expr, "$T": b.fill(b.used.typ, here, name, nil)}
	for _, d := range w.decls {
		b.declare(here, b.fill(d, here, name, with))
	}
	b.shape(w.name)
	b.places = append(b.places, place{b.fill(w.via, here, name, with), here, w.late})
}

// writer adds code that writes to the memory before the call.
func (b *builder) writer() {
	p := pick(b, b.places)
	here := b.above(p)
	statements := b.fill(pick(b, b.used.writes), here, b.name(), map[string]string{"$h": p.expr, "$v": b.constant()})
	for range b.IntN(4) {
		a, name := pick(b, actions), b.name()
		for _, d := range a.decls {
			b.declare(here, b.fill(d, here, name, map[string]string{"$S": statements}))
		}
		statements = b.fill(a.do, here, name, map[string]string{"$S": statements})
		b.shape(a.name)
		here = b.above(place{pkg: here, late: here != top && strings.Contains(strings.Join(a.decls, ""), "init()")})
	}
	b.run(here, statements)
}

// run places statements where they run before the call.
func (b *builder) run(here, statements string) {
	name := b.name()
	switch b.IntN(5) {
	case 0:
		b.declare(here, "var _ = func() int {\n"+statements+"\nreturn 0\n}()")
	case 1:
		b.declare(here, "var ok"+name+" = run"+name+"()", "func run"+name+"() bool {\n"+statements+"\nreturn true\n}")
	case 2:
		b.program.Main = append(b.program.Main, statements)
	default:
		b.declare(here, "func init() {\n"+statements+"\n}")
	}
}

// root adds a cached function that reads the memory, and calls it.
func (b *builder) root() {
	p := pick(b, b.places)
	here := b.above(p)
	value := b.fill(pick(b, b.used.reads), here, b.name(), map[string]string{"$h": p.expr})
	for range b.IntN(4) {
		r, name := pick(b, readings), b.name()
		for _, d := range r.decls {
			b.declare(here, b.fill(d, here, name, map[string]string{"$R": value}))
		}
		for file, content := range r.data {
			b.program.Data[here+"/"+strings.ReplaceAll(file, "#", name)] = content
		}
		value = b.fill(r.is, here, name, map[string]string{"$R": value})
		b.shape(r.name)
		here = b.above(place{pkg: here, late: strings.Contains(strings.Join(r.decls, ""), "init()") && here != top})
	}
	r := pick(b, roots)
	name := b.name()
	with := map[string]string{"$R": value}
	for _, d := range r.decls {
		b.declare(here, b.fill(d, here, name, with))
	}
	call := b.fill(r.call, here, name, with)
	if len(r.injected) > 0 {
		out := b.above(place{pkg: here})
		for _, d := range r.injected {
			b.declare(out, b.fill(d, out, name, nil))
		}
		call = strings.ReplaceAll(call, "out·", out+"·")
	}
	b.shape(r.name)
	b.program.Calls = append(b.program.Calls, fmt.Sprintf("call%d(`%s`, func(n int) string { return %s })", b.program.ID, name, call))
}
