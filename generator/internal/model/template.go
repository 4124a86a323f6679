package model

import (
	"iter"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/internal/secretname"
)

// TargetFields are the placeholders of a target besides keyed parameters and vary functions, which
// win over them.
var TargetFields = []string{"date", "func", "project", "domain"}

// TargetFormats are the endings of targets.
var TargetFormats = []string{".json", ".txt", ".cbor", ".bin"}

// templates applies the options with placeholders: target and tags. What types they can have is
// checked with the types.
func (b *functionBuilder) templates() {
	for _, item := range b.items("tags") {
		if b.tag(item) {
			b.f.Options.Tags = append(b.f.Options.Tags, item.Text)
		}
	}
	if item := b.set.first("target"); item.Text != "" && b.targetPath(item) && b.targetFields(item) {
		b.f.Options.Target, b.f.Options.TargetParts = item.Text, item.Template
	}
}

// tag checks the placeholders of a tag: keyed inputs that are not secret.
func (b *functionBuilder) tag(item directive.Item) bool {
	good := true
	for part := range placeholders(item) {
		p := b.namedParam(part.Name)
		if k := b.keyPartAt(part.Path()); k != nil {
			p = k.Param
		}
		switch {
		case part.Layout != "":
			b.errorf(part.Pos, "tags: {%s:%s}: a tag has no layouts", part.Name, part.Layout)
		case b.f.Options.Key != nil:
			if part.Name == "key" {
				continue
			}
			b.errorf(part.Pos, "tags: {%s}: with key the one input is {key}", part.Name)
		case b.f.Options.KeyParts != nil && b.keyPartAt(part.Path()) == nil:
			b.errorf(part.Pos, "tags: {%s}: the inputs are those that key lists: {%s}", part.Path(), strings.Join(b.identifiers(), "}, {"))
		case p == nil:
			b.errorf(part.Pos, "tags: {%s}: %s has no parameter %s%s", part.Name, b.f.Obj.Name(), part.Name,
				directive.DidYouMean(directive.Nearest(part.Name, b.inputNames)))
		case p.Ignored && b.f.Options.KeyParts == nil:
			b.errorf(part.Pos, "tags: {%s}: %s is not in the key, so the tag would be the first caller's", part.Name, part.Name)
		case p.Secret:
			b.errorf(part.Pos, "tags: {%s}: %s is secret, and tags are stored as they are", part.Name, part.Name)
		case b.namesSecret(part):
			b.errorf(part.Pos, "tags: {%s} is secret by its name, and tags are stored as they are: use another input, or say secret=off", part.Path())
		default:
			continue
		}
		good = false
	}
	return good
}

// namesSecret reports whether a placeholder is of an input, or a field of one, whose name says that
// it is secret.
func (b *functionBuilder) namesSecret(part directive.Part) bool {
	return !b.f.Options.NoSecrets && (secretname.Is(part.Name) || slices.ContainsFunc(part.Fields, secretname.Is))
}

// keyPartAt is the part of a key that a placeholder names, or a field of which; nil if there is
// none.
func (b *functionBuilder) keyPartAt(path string) *KeyPart {
	for _, k := range b.f.Options.KeyParts {
		if path == k.Text || strings.HasPrefix(path, k.Text+".") {
			return k
		}
	}
	return nil
}

// targetPath checks the text of a target: a clean relative path, which tells any two lists of
// values apart, with a known ending.
func (b *functionBuilder) targetPath(item directive.Item) bool {
	var filled strings.Builder
	for i, part := range item.Template {
		if part.Placeholder() {
			if i > 0 && !separated(item.Template[:i]) {
				b.errorf(part.Pos, "target: {%s} comes right after another placeholder: "+
					"put a separator between, / or -, or two results can share a path", part.Name)
				return false
			}
			filled.WriteString("x")
		}
		filled.WriteString(part.Literal)
	}
	text := filled.String()
	switch {
	case strings.ContainsAny(text, `\:`):
		b.errorf(item.Pos, `target: %s has a backslash or colon, which not all stores take in a path`, item.Text)
	case badSegment.MatchString(text):
		b.errorf(item.Pos, "target: %s has a part that ends in a dot or space, which not all stores take in a path", item.Text)
	case strings.HasPrefix(text, "/"):
		b.errorf(item.Pos, "target: %s is absolute: targets are relative to the store", item.Text)
	case path.Clean(text) != text || text == ".." || strings.HasPrefix(text, "../"):
		b.errorf(item.Pos, "target: %s is no clean path: it has an empty part, . or ..", item.Text)
	case !slices.Contains(TargetFormats, path.Ext(text)) || len(item.Template) > 0 && item.Template[len(item.Template)-1].Placeholder():
		b.errorf(item.Pos, "target: %s has to end in %s, which says the format", item.Text, strings.Join(TargetFormats, ", "))
	default:
		return true
	}
	return false
}

// badSegment matches a path with a part that ends in a dot or space; parts . and .. are unclean
// besides.
var badSegment = regexp.MustCompile(`[^/.][. ]+(/|$)`)

// inPaths are the characters that values in paths are made of whatever separates them.
const inPaths = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%!"

// separated reports whether something stands between the last placeholder of parts and what follows
// them that ends a value: what is no letter or digit, nor of the escapes, % and !.
func separated(parts []directive.Part) bool {
	for _, part := range slices.Backward(parts) {
		if part.Placeholder() {
			return false
		}
		if strings.Trim(part.Literal, inPaths) != "" {
			return true
		}
	}
	return true
}

// targetFields checks the placeholders of a target: every keyed input has to be there, and whatever
// else varies results.
func (b *functionBuilder) targetFields(item directive.Item) bool {
	good := true
	missing := b.identifiers()
	for i, name := range missing {
		if name != "_" && slices.Contains(missing[:i], name) {
			b.errorf(item.Pos, "target: {%s} is a parameter and a vary function, or two of them, and both have to be in it: "+
				"rename one", name)
			good = false
		}
	}
	for part := range placeholders(item) {
		known := b.targetField(part)
		good = good && known
		if len(part.Fields) > 0 && b.f.Options.KeyParts == nil {
			b.errorf(part.Pos, "target: {%s}: a target has whole inputs, or two results can share it", part.Path())
			good = false
		}
		missing = slices.DeleteFunc(missing, func(name string) bool { return name == b.inputOf(part) })
	}
	for _, name := range missing {
		if name == "_" {
			b.errorf(item.Pos, "target: an input without a name can't be in it, and what identifies a result has to be: "+
				"give it a name, or ignore it")
			continue
		}
		b.errorf(item.Pos, "target: {%s} is missing: what identifies a result has to be in its target, or two results share it", name)
	}
	return good && len(missing) == 0
}

// targetField checks one placeholder of a target.
func (b *functionBuilder) targetField(part directive.Part) bool {
	input := slices.Contains(b.identifiers(), b.inputOf(part))
	builtIn := slices.Contains(TargetFields, part.Name)
	switch {
	case input && part.Layout != "":
		b.errorf(part.Pos, "target: {%s:%s}: only date has a layout, and %s is an input", part.Name, part.Layout, part.Name)
	case input && b.namesSecret(part):
		b.errorf(part.Pos, "target: {%s} is secret by its name, and a target's path shows it: ignore it, or say secret=off", part.Path())
	case input:
		return true
	case b.namedParam(part.Name) != nil && !builtIn:
		b.errorf(part.Pos, "target: {%s}: %s is not in the key", part.Path(), part.Path())
	case !builtIn:
		b.errorf(part.Pos, "target: {%s}: %s has no such input%s; there are %s", part.Name, b.f.Obj.Name(),
			directive.DidYouMean(directive.Nearest(part.Name, b.inputNames)), strings.Join(append(b.identifiers(), TargetFields...), ", "))
	case part.Layout != "" && part.Name != "date":
		b.errorf(part.Pos, "target: {%s:%s}: only date has a layout", part.Name, part.Layout)
	default:
		return true
	}
	return false
}

// identifiers are the names of all that identifies a result: keyed inputs, or key, and vary
// functions. An input without a name is called _.
func (b *functionBuilder) identifiers() []string {
	var names []string
	if b.f.Options.Key != nil {
		names = append(names, "key")
	}
	for _, k := range b.f.Options.KeyParts {
		names = append(names, k.Text)
	}
	if names == nil {
		names = b.parameterNames()
	}
	for _, v := range b.f.Options.Vary {
		names = append(names, v.Obj.Name())
	}
	return names
}

// inputOf is the input that a placeholder of a target names: a parameter, or as the option key says
// it.
func (b *functionBuilder) inputOf(part directive.Part) string {
	if b.f.Options.KeyParts != nil {
		return part.Path()
	}
	return part.Name
}

// parameterNames are the names of the keyed parameters. One without a name is called _.
func (b *functionBuilder) parameterNames() []string {
	var names []string
	for _, p := range b.f.Inputs() {
		name := p.Var.Name()
		if name == "" {
			name = "_"
		}
		names = append(names, name)
	}
	return names
}

func (b *functionBuilder) inputNames(yield func(string) bool) {
	for _, name := range b.identifiers() {
		if !yield(name) {
			return
		}
	}
}

// placeholders yields the placeholders of a template.
func placeholders(item directive.Item) iter.Seq[directive.Part] {
	return func(yield func(directive.Part) bool) {
		for _, part := range item.Template {
			if part.Placeholder() && !yield(part) {
				return
			}
		}
	}
}
