// Package explain says how a call and the entries of a store differ: what a person asks who wonders
// why a call missed. It knows no stores.
package explain

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Identity is what a key is made of, as far as it is known. A nil list is one that is not known.
type Identity struct {
	Project, Domain string
	Version         string
	Modules, Build  []string
	Salt, Shape     string
	Run             string
	// Digest tells inputs from others, Inputs is a preview of them: City:"Oslo" Days:3.
	Digest []byte
	Inputs string
	// Whole says that salt and shape are known too.
	Whole bool
}

// Near is an entry that is not the call's, and how it differs.
type Near struct {
	// Key is the entry's.
	Key string `json:"key,omitempty"`
	// Inputs is a preview of its inputs.
	Inputs string `json:"inputs"`
	// Version and Revision say which code made it, Completed when, and Cost how long that took.
	Version   string        `json:"version,omitempty"`
	Revision  string        `json:"revision,omitempty"`
	Completed time.Time     `json:"completed,omitzero"`
	Cost      time.Duration `json:"cost_ns,omitempty"`
	// Differences are what the call has otherwise.
	Differences []Difference `json:"differences"`
}

// Difference is a part of a key that two calls have differently.
type Difference struct {
	// What is the part: "input Days", "version", "module golang.org/x/text", "build GOARCH",
	// "project".
	What string `json:"what"`
	// Here is what the call has, There what the entry has; "" is nothing.
	Here  string `json:"here"`
	There string `json:"there"`
}

// String returns the difference in words.
func (d Difference) String() string {
	if d.Here == "" && d.There == "" {
		return d.What
	}
	return fmt.Sprintf("%s: %s here, %s there", d.What, shown(d.Here), shown(d.There))
}

func shown(value string) string {
	if value == "" {
		return "nothing"
	}
	return value
}

// Compare returns what here has otherwise than there, which is something: the keys differ.
func Compare(here, there *Identity) []Difference {
	l := Known(here, there)
	if l == nil {
		l = append(l, Difference{What: "salt, types, policies, or what the context says: the entry does not tell which"})
	}
	return l
}

// Known returns what here has otherwise than there as far as that is known.
func Known(here, there *Identity) []Difference {
	var l []Difference
	text := func(what, a, b string) {
		if a != b {
			l = append(l, Difference{what, a, b})
		}
	}
	text("project", here.Project, there.Project)
	text("domain", here.Domain, there.Domain)
	text("run", here.Run, there.Run)
	if !bytes.Equal(here.Digest, there.Digest) {
		l = append(l, inputs(here.Inputs, there.Inputs)...)
	}
	text("version", here.Version, there.Version)
	l = append(l, modules(here.Modules, there.Modules)...)
	l = append(l, settings("build", "=", here.Build, there.Build)...)
	if here.Whole && there.Whole {
		text("salt", here.Salt, there.Salt)
		text("types of inputs and results", here.Shape, there.Shape)
	}
	return l
}

// inputs compares two previews field by field.
func inputs(here, there string) []Difference {
	a, aWhole := Fields(here)
	b, bWhole := Fields(there)
	var l []Difference
	for _, name := range names(a, b) {
		if x, y := value(a, name), value(b, name); x != y && (aWhole || x != "") && (bWhole || y != "") {
			l = append(l, Difference{"input " + name, x, y})
		}
	}
	if l == nil {
		l = append(l, Difference{What: "inputs, where the preview does not show it, or what the context says"})
	}
	return l
}

// modules compares lists of modules, each of them a path, a blank, and what code of it that is.
func modules(here, there []string) []Difference {
	l := settings("module", " ", here, there)
	for i := range l {
		d := &l[i]
		path := strings.TrimPrefix(d.What, "module ")
		d.Here, d.There = versionOf(path, d.Here), versionOf(path, d.There)
		a, _, _ := strings.Cut(d.Here, " ")
		b, _, _ := strings.Cut(d.There, " ")
		if a != b { // the sums say nothing more
			d.Here, d.There = a, b
		}
	}
	return slices.DeleteFunc(l, func(d Difference) bool { // a sum that is not known is none that differs
		a, _, sum := strings.Cut(d.Here, " ")
		b, _, other := strings.Cut(d.There, " ")
		return a == b && sum != other
	})
}

// Module returns what a module in a key is, for people: "golang.org/x/text v0.30.0 h1:…".
func Module(module string) string {
	path, code, _ := strings.Cut(module, " ")
	return path + " " + versionOf(path, code)
}

// versionOf returns the code of a module without the path, where that is the module's own.
func versionOf(path, code string) string { return strings.TrimPrefix(code, path+"@") }

// settings compares lists of settings, each of them a name and a value.
func settings(kind, separator string, here, there []string) []Difference {
	if here == nil || there == nil {
		return nil
	}
	a, b := pairs(separator, here), pairs(separator, there)
	var l []Difference
	for _, name := range names(a, b) {
		if x, y := value(a, name), value(b, name); x != y {
			l = append(l, Difference{kind + " " + name, x, y})
		}
	}
	return l
}

// Common returns those settings of here and there that are to be compared where not all of here is known: those that here names, in its order.
// What there has not makes no difference either, but for flags: "-tags" is no setting of a build without tags.
func Common(separator string, here, there []string) (a, b []string) {
	known := pairs(separator, there)
	for _, f := range pairs(separator, here) {
		if v := value(known, f.Name); v != "" || strings.HasPrefix(f.Name, "-") {
			a, b = append(a, f.Name+separator+f.Value), append(b, f.Name+separator+v)
		}
	}
	return a, b
}

// Field is a name with a value.
type Field struct{ Name, Value string }

func pairs(separator string, settings []string) []Field {
	var l []Field
	for _, s := range settings {
		name, value, _ := strings.Cut(s, separator)
		l = append(l, Field{name, value})
	}
	return l
}

func value(fields []Field, name string) string {
	for _, f := range fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// names returns the names in both lists, in order.
func names(a, b []Field) []string {
	var l []string
	for _, f := range slices.Concat(a, b) {
		if !slices.Contains(l, f.Name) {
			l = append(l, f.Name)
		}
	}
	return l
}

// Fields splits a preview of inputs: City:"Oslo" Days:3. It reports whether that is all: the last
// field of one that was cut is left out.
func Fields(preview string) (fields []Field, whole bool) {
	text, cut := strings.CutSuffix(preview, "…")
	for text != "" {
		name, rest, ok := strings.Cut(text, ":")
		if !ok {
			return fields, false
		}
		n := end(rest)
		if cut && n == len(rest) {
			return fields, false
		}
		fields = append(fields, Field{name, rest[:n]})
		text = strings.TrimPrefix(rest[n:], " ")
	}
	return fields, !cut
}

// end returns where the value ends with which a text begins: at a blank that is in no quotes and no
// brackets.
func end(text string) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[' || c == '(':
			depth++
		case c == '}' || c == ']' || c == ')':
			depth--
		case c == ' ' && depth == 0:
			return i
		}
	}
	return len(text)
}

// Nearest keeps those of many entries that differ least.
type Nearest struct {
	Most int
	list []Near
}

// Add offers an entry.
func (n *Nearest) Add(near Near) {
	if slices.ContainsFunc(n.list, func(o Near) bool { return o.Key != "" && o.Key == near.Key }) {
		return
	}
	n.list = append(n.list, near)
	slices.SortStableFunc(n.list, func(a, b Near) int {
		return cmp.Or(cmp.Compare(distance(a), distance(b)), b.Completed.Compare(a.Completed))
	})
	n.list = n.list[:min(len(n.list), n.Most)]
}

// List returns the nearest, the first one first.
func (n *Nearest) List() []Near { return n.list }

// distance is how much differs. One input is less than two; other code with the same inputs is the
// least.
func distance(n Near) int {
	d := 0
	for _, difference := range n.Differences {
		if strings.HasPrefix(difference.What, "input") {
			d += 10
		} else {
			d++
		}
	}
	return d
}
