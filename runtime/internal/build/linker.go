package build

import (
	"slices"
	"strings"
)

// variable is one that the linker sets: -X importpath.name=value.
type variable struct{ name, value string }

// linked parses the linker's flags. It returns those that set no variable, and of the variables
// those that the function can read: of its own modules the ones that it names, all of the other
// modules that it reaches and of the standard library, which nobody looks into.
func (p *program) linked(flags string, u Uses) (rest string, variables []variable) {
	_, flags = perPackage(flags)
	words, ok := split(flags)
	if !ok {
		return flags, nil
	}
	var others []string
	for i := 0; i < len(words); i++ {
		name, definition, joined := strings.Cut(words[i], "=")
		if name != "-X" && name != "--X" {
			others = append(others, words[i])
			continue
		}
		if !joined && i+1 < len(words) {
			i++
			definition = words[i]
		}
		name, value, _ := strings.Cut(definition, "=")
		if p.readable(name, u) {
			variables = slices.DeleteFunc(variables, func(v variable) bool { return v.name == name }) // the last one holds
			variables = append(variables, variable{name, value})
		}
	}
	return strings.Join(others, " "), variables
}

// readable reports whether the function can read a variable.
func (p *program) readable(name string, u Uses) bool {
	path := name[:max(strings.LastIndexByte(name, '.'), 0)]
	if path == "main" {
		path = p.info.Path
		name = path + strings.TrimPrefix(name, "main")
		if path == "command-line-arguments" { // files were named, and no package
			return slices.ContainsFunc(u.Linked, func(l string) bool {
				return l[strings.LastIndexByte(l, '.')+1:] == name[strings.LastIndexByte(name, '.')+1:]
			})
		}
	}
	if slices.Contains(u.Linked, name) {
		return true
	}
	module := p.moduleOf(path)
	return module == nil || slices.ContainsFunc(p.reached(u), func(m reached) bool { return m.path == module.Path && !m.local })
}

// split splits flags as the go command does: at white space, with quotes around words.
func split(flags string) (words []string, ok bool) {
	const space = " \t\n\r"
	for flags = strings.TrimLeft(flags, space); flags != ""; flags = strings.TrimLeft(flags, space) {
		if quote := flags[0]; quote == '"' || quote == '\'' {
			end := strings.IndexByte(flags[1:], quote)
			if end < 0 {
				return nil, false
			}
			words, flags = append(words, flags[1:1+end]), flags[1+end+1:]
			continue
		}
		end := strings.IndexAny(flags, space)
		if end < 0 {
			end = len(flags)
		}
		words, flags = append(words, flags[:end]), flags[end:]
	}
	return words, true
}
