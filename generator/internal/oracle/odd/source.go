package odd

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// source makes the files of one random package.
type source struct {
	rng   *rand.Rand
	top   namer // of the package's scope
	types types
	// receivers are the struct types that can have methods, with the names of their fields and methods.
	receivers []receiver
	functions int
	// results and checks are written to a file of their own, where no name is in the way.
	results, checks strings.Builder
}

type receiver struct {
	form  form
	names namer
}

// Package returns the files of the package with a seed, by name. Its import path is path.
func Package(path string, seed uint64) map[string]string {
	rng := rand.New(rand.NewPCG(seed, 7))
	s := &source{rng: rng, top: newNamer(rng, "main", "init", "Check", "check", "lib_", "time_"), types: types{rng: rng, known: basics()}}
	module := path[:strings.LastIndexByte(path, '/')]
	dot := chance(rng, 6)
	if dot { // what a file has by a dot import no declaration of the package may be called
		for _, name := range Exported {
			s.top.taken[name] = true
		}
	}
	var declared strings.Builder
	for range 2 + rng.IntN(3) {
		name := s.top.name(vocabulary)
		fields := newNamer(rng)
		before := len(s.types.known)
		text := s.types.declare(name, fields)
		declared.WriteString(text + "\n")
		if strings.Contains(text, " struct {") && len(s.types.known) > before {
			s.receivers = append(s.receivers, receiver{s.types.known[len(s.types.known)-1], fields})
		}
	}
	for range rng.IntN(4) { // names that are in the way and nothing else
		fmt.Fprintf(&declared, "var %s = 1\n\n", s.top.name(vocabulary))
	}
	h := header{lib: module + "/lib"}
	files := map[string]string{"types.go": h.text() + declared.String()}
	functions := s.file(2 + rng.IntN(4))
	// A file's imports must not have the names of the package, so they come after.
	with := h
	with.alias, with.dot = s.top.name(vocabulary), dot
	files["f.go"] = with.text() + functions
	files["results.go"] = h.text() + s.results.String()
	h.reflect = true
	files["check.go"] = h.text() + "// Check compares.\nfunc Check() []string {\n\tvar wrong []string\n" + s.checks.String() + "\treturn wrong\n}\n"
	if chance(rng, 3) {
		s.results.Reset()
		h = header{lib: h.lib, tag: "extra"}
		files["tagged.go"] = h.text() + s.file(1)
		files["tagged_results.go"] = h.text() + s.results.String()
	}
	return files
}

// header is how a file begins.
type header struct {
	lib, tag, alias string
	dot, reflect    bool
}

func (h header) text() string {
	var b strings.Builder
	if h.tag != "" {
		fmt.Fprintf(&b, "//go:build %s\n\n", h.tag)
	}
	fmt.Fprintf(&b, "package odd\n\nimport (\n\ttime_ \"time\"\n\n\tlib_ %q\n", h.lib)
	used := "var (\n\t_ time_.Time\n\t_ lib_.E\n"
	if h.alias != "" {
		fmt.Fprintf(&b, "\t%s \"unicode\"\n", h.alias)
		used += "\t_ = " + h.alias + ".IsUpper\n"
	}
	if h.dot {
		fmt.Fprintf(&b, "\t. %q\n", h.lib)
		used += "\t_ E\n"
	}
	if h.reflect {
		b.WriteString("\treflect_ \"reflect\"\n")
		used += "\t_ = reflect_.DeepEqual\n"
	}
	return b.String() + ")\n\n" + used + ")\n\n"
}

// file writes functions.
func (s *source) file(n int) string {
	var b strings.Builder
	for range n {
		s.functions++
		switch {
		case chance(s.rng, 3):
			b.WriteString(s.generic())
		case chance(s.rng, 3) && len(s.receivers) > 0:
			b.WriteString(s.method())
		default:
			b.WriteString(s.function())
		}
		b.WriteString("\n")
	}
	return b.String()
}

// signature is a function's, with a call's arguments.
type signature struct {
	params, results []string
	// args are the arguments of the two calls, number the parameter that results depend on, "" for none.
	args   [2][]string
	number string
	forms  []form
	fails  bool
}

// signature draws parameters and results. Names inside are those of names.
func (s *source) signature(names namer) signature {
	sig := signature{}
	add := func(name, typ string, args ...string) {
		sig.params = append(sig.params, strings.TrimSpace(name+" "+typ))
		sig.args[0], sig.args[1] = append(sig.args[0], args[0]), append(sig.args[1], args[1])
	}
	unnamed := chance(s.rng, 10)
	inner := func() string {
		switch {
		case unnamed:
			return ""
		case chance(s.rng, 12):
			return "_"
		}
		return names.inner()
	}
	number := inner()
	if number != "_" {
		sig.number = number
	}
	// The number comes first: what follows has types that may be spelt like it.
	var rest []form
	for range s.rng.IntN(3) {
		rest = append(rest, s.types.form(2))
	}
	add(number, "int", "1", "2")
	for _, f := range rest {
		add(inner(), f.source, f.value("3"), f.value("4"))
	}
	if chance(s.rng, 4) {
		f := s.types.form(1)
		add(inner(), "..."+f.source, f.value("5"), f.value("6"))
	}
	for range 1 + s.rng.IntN(3) {
		sig.forms = append(sig.forms, s.types.form(2))
	}
	sig.fails = chance(s.rng, 3)
	resultName := func() string { return "" }
	if chance(s.rng, 4) && !unnamed {
		resultName = names.inner
	}
	for _, f := range sig.forms {
		sig.results = append(sig.results, strings.TrimSpace(resultName()+" "+f.source))
	}
	if sig.fails {
		sig.results = append(sig.results, strings.TrimSpace(resultName()+" error"))
	}
	return sig
}

// types of a signature are written where its names hide nothing: parameters are in scope in the body alone, so the names of type
// parameters and results do no harm to them.

// body returns the function's body, and writes the function that makes its results.
func (s *source) body(sig signature) string {
	maker := fmt.Sprintf("results%d_", s.functions)
	var types, values []string
	for _, f := range sig.forms {
		types, values = append(types, f.source), append(values, f.value("number_"))
	}
	if sig.fails {
		types, values = append(types, "error"), append(values, "nil")
	}
	fmt.Fprintf(&s.results, "func %s(number_ int) (%s) {\n\treturn %s\n}\n\n", maker, strings.Join(types, ", "), strings.Join(values, ", "))
	number := sig.number
	if number == "" {
		number = "7"
	}
	return fmt.Sprintf("{ return %s(%s) }", maker, number)
}

// check writes the calls of a function and its wrapper.
func (s *source) check(sig signature, function, wrapper string) {
	n := len(sig.results)
	for i := range sig.args {
		args := strings.Join(sig.args[i], ", ")
		for range 2 { // a miss and a hit
			var want, got []string
			for r := range n {
				want, got = append(want, fmt.Sprintf("want%d", r)), append(got, fmt.Sprintf("got%d", r))
			}
			fmt.Fprintf(&s.checks, "\t{\n\t\t%s := %s(%s)\n\t\t%s := %s(%s)\n", strings.Join(want, ", "), function, args, strings.Join(got, ", "), wrapper, args)
			for r := range n {
				fmt.Fprintf(&s.checks, "\t\tif !reflect_.DeepEqual(want%d, got%d) {\n\t\t\twrong = append(wrong, %q)\n\t\t}\n", r, r, wrapper)
			}
			s.checks.WriteString("\t}\n")
		}
	}
}

// options draws options that any function can have.
func (s *source) options(function, exported string) (options, wrapper string) {
	wrapper = exported + function
	var list []string
	for _, option := range []string{"max-age=1h", "coalesce=off", "keep-inputs", "salt=s", "tags=t", "memory-entries=9", "trust"} {
		if chance(s.rng, 6) {
			list = append(list, option)
		}
	}
	return strings.Join(list, " "), wrapper
}

// wrapperOf is what a wrapper is called.
func wrapperOf(function string) string {
	first := []rune(function)[0]
	if upper := strings.ToUpper(string(first)); upper == string(first) && first != '_' {
		return "Cached" + function
	}
	if first == '_' {
		return "cachedX" + function
	}
	return "cached" + strings.ToUpper(string(first)) + string([]rune(function)[1:])
}

func (s *source) function() string {
	name := s.top.name(vocabulary)
	sig := s.signature(newNamer(s.rng))
	wrapper := wrapperOf(name)
	options, _ := s.options(name, "")
	if chance(s.rng, 6) {
		wrapper = s.top.name(vocabulary)
		options = strings.TrimSpace("name=" + wrapper + " " + options)
	}
	s.check(sig, name, wrapper)
	return fmt.Sprintf("// %s does.\n//\n//cache:auto %s\nfunc %s(%s) (%s) %s\n", name, options, name, strings.Join(sig.params, ", "),
		strings.Join(sig.results, ", "), s.body(sig))
}

func (s *source) method() string {
	r := s.receivers[s.rng.IntN(len(s.receivers))]
	name := r.names.name(vocabulary)
	inner := newNamer(s.rng)
	self := inner.inner()
	sig := s.signature(inner)
	star := []string{"", "*"}[s.rng.IntN(2)]
	value := "lib_.Ptr(" + r.form.value("8") + ")"
	s.check(sig, value+"."+name, value+"."+wrapperOf(name))
	options, _ := s.options(name, "")
	if chance(s.rng, 5) {
		options = strings.TrimSpace("ignore=receiver " + options)
	}
	return fmt.Sprintf("//cache:auto %s\nfunc (%s %s%s) %s(%s) (%s) %s\n", options, self, star, r.form.source, name, strings.Join(sig.params, ", "),
		strings.Join(sig.results, ", "), s.body(sig))
}

// instances are constraints with types that satisfy them.
var instances = []struct{ constraint, arg string }{
	{"any", "int"},
	{"comparable", "string"},
	{"~int | ~string", "int"},
	{"interface{ ~[]byte }", "[]byte"},
	{"*int", "*int"},
	{"*int | *string", "*string"},
	{"any", "lib_.Visible"},
	{"interface{ comparable; String() string }", "time_.Duration"},
	{"~[]int", "[]int"},
	{"any", "map[string][]int"},
}

// generic writes a generic function. Its type parameters are in the types of parameters of their own.
func (s *source) generic() string {
	name := s.top.name(vocabulary)
	// What the constraints and the other parameters mention must not be hidden.
	inner := newNamer(s.rng, "any", "comparable", "int", "string", "byte", "uint8", "bool", "float64", "int32", "complex128", "error")
	for known := range s.top.taken {
		inner.taken[known] = true
	}
	var params, args []string
	var extra []string
	values := newNamer(s.rng)
	for range 1 + s.rng.IntN(2) {
		one := instances[s.rng.IntN(len(instances))]
		param := inner.inner()
		if chance(s.rng, 8) {
			params = append(params, "_ "+one.constraint)
		} else {
			params = append(params, param+" "+one.constraint)
			values.taken[param] = true
			if chance(s.rng, 2) {
				extra = append(extra, param+"\x00"+one.arg)
			}
		}
		args = append(args, one.arg)
	}
	sig := s.signature(values)
	if last := sig.params[len(sig.params)-1]; strings.Contains(last, "...") {
		extra = nil
	}
	named := strings.Contains(sig.params[0], " ")
	for _, one := range extra {
		param, arg, _ := strings.Cut(one, "\x00")
		declared := param
		if named {
			declared = values.inner() + " " + param
		}
		sig.params = append(sig.params, declared)
		for i := range sig.args {
			sig.args[i] = append(sig.args[i], "*new("+arg+")")
		}
	}
	instance := "[" + strings.Join(args, ", ") + "]"
	s.check(sig, name+instance, wrapperOf(name)+instance)
	options, _ := s.options(name, "")
	return fmt.Sprintf("//cache:auto %s\nfunc %s[%s](%s) (%s) %s\n", options, name, strings.Join(params, ", "), strings.Join(sig.params, ", "),
		strings.Join(sig.results, ", "), s.body(sig))
}
