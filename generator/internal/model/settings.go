package model

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/directive"
)

// setting is an option in force for a function.
type setting struct {
	*directive.Arg
	// inherited says that it is the package default's.
	inherited bool
}

// where says in messages whose setting it is.
func (s setting) where() string {
	if s.inherited {
		return " (of the package default)"
	}
	return ""
}

// wayOut says in messages how a function does without the setting.
func (s setting) wayOut() string {
	if s.inherited {
		return "; write " + s.Option.Name + "=off on the function"
	}
	return ""
}

// settings are the options in force for a function, by name. Of those that are switched off only
// coalesce is there: off is what it is for.
type settings map[string]setting

// merge replaces the package's defaults one by one by what the function says itself. Defaults that
// belong to another behaviour than the function's, a version or a policy, don't concern it.
func merge(own, defaults *directive.Directive, behaviour directive.Behaviours) settings {
	s := settings{}
	if defaults != nil {
		for _, arg := range defaults.Args {
			if arg.Option.Allows(behaviour) {
				s[arg.Option.Name] = setting{arg, true}
			}
		}
	}
	for _, arg := range own.Args {
		s[arg.Option.Name] = setting{arg, false}
	}
	for name, one := range s {
		if one.Off && name != "coalesce" && name != "secret" { // These two are on without being asked for.
			delete(s, name)
		}
	}
	return s
}

// forget drops the package default's options that name parameters where the function has none of
// them.
func (s settings) forget(has func(param string) bool) {
	for _, name := range []string{"ignore", "secret"} {
		one := s[name]
		if one.inherited && !one.Off && !slices.ContainsFunc(one.Items, func(i directive.Item) bool { return has(i.Text) }) {
			delete(s, name)
		}
	}
}

// holds reports whether a term of the tables of conflicts holds: "name", an option that is in
// force; "name=word", one with that word or duration; "coalesce=off"; "max-age=fn", a function.
func (s settings) holds(t term) bool {
	one, ok := s[t.option]
	switch t.value {
	case "":
		return ok && !one.Off
	case "off":
		return ok && one.Off
	}
	return ok && (one.Is(t.value) || t.option == "store" && one.Text == t.value || t.value == "fn" && s.first(t.option).Kind == directive.Func)
}

// first returns the setting's first value; the zero Item if it is not in force or a bare flag.
func (s settings) first(name string) directive.Item {
	if one, ok := s[name]; ok && len(one.Items) > 0 {
		return one.Items[0]
	}
	return directive.Item{}
}

// flag reports whether a flag is on.
func (s settings) flag(name string) bool { return s.holds(term{option: name}) }
