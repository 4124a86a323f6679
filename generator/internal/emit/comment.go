package emit

import (
	"go/types"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// link is a doc link to the function.
func (fn *function) link() string { return "[" + fn.qualified(fn.Obj.Name()) + "]" }

// wrapperLink is a doc link to its wrapper.
func (fn *function) wrapperLink() string { return "[" + fn.qualified(fn.Wrapper) + "]" }

// qualified is a function's name, or a method's with its type.
func (fn *function) qualified(name string) string {
	if r := fn.Obj.Signature().Recv(); r != nil {
		return receiverType(r.Type()).Obj().Name() + "." + name
	}
	return name
}

func (fn *function) disabled() bool { return fn.Behaviour == model.Disable }

func (fn *function) controlsDoc() string {
	doc := fn.Controls + " controls the results that " + fn.wrapperLink() + " keeps"
	if fn.generic() {
		return doc + " for " + list(fn.typeParamNames) + "."
	}
	return doc + "."
}

func (fn *function) argumentsDoc() string {
	switch {
	case len(fn.plan.Inputs) == 0:
		return "are the arguments of " + fn.link() + " that identify a result: none."
	case fn.Options.Key != nil:
		return "hold what identifies a result of " + fn.link() + ": what [" + fn.Options.Key.Obj.Name() + "] returns."
	case fn.Options.Batch != nil:
		return "are the arguments of " + fn.link() + " that identify one element of its result."
	}
	if fn.Options.KeyParts != nil {
		return "hold what identifies a result of " + fn.link() + ": " + list(fn.inputWords()) + "."
	}
	return "are the arguments of " + fn.link() + " that identify a result."
}

// wrapperDoc says what the wrapper does, and what the function's own comment says about its end. A
// wrapper with a name of its own is what users see in the function's place, so it has the
// function's whole comment.
func (fn *function) wrapperDoc() []string {
	if _, own := fn.Options.Pos["name"]; own {
		return fn.ownDoc()
	}
	doc := fn.Wrapper + " is " + fn.link() + ", " + fn.promise() + "."
	if fn.disabled() {
		doc = fn.Wrapper + " is " + fn.link() + ": its cache is switched off."
	}
	if dropped := fn.droppedWords(); dropped != "" && !fn.disabled() {
		doc += " " + dropped
	}
	paragraphs := []string{wrap(doc)}
	for paragraph := range strings.SplitSeq(fn.Decl.Doc.Text(), "\n\n") {
		if strings.HasPrefix(paragraph, "Deprecated: ") {
			paragraphs = append(paragraphs, strings.TrimRight(paragraph, "\n"))
		}
	}
	return paragraphs
}

// ownDoc is the function's comment, of the wrapper, and what caching adds to it.
func (fn *function) ownDoc() []string {
	added := strings.TrimRight("It is "+fn.promise()+". "+fn.droppedWords(), " ")
	if fn.disabled() {
		added = "Its cache is switched off."
	}
	text := strings.TrimRight(fn.Decl.Doc.Text(), "\n")
	if text == "" {
		return []string{wrap(fn.Wrapper + strings.TrimPrefix(added, "It"))}
	}
	if rest, ok := strings.CutPrefix(text, fn.Obj.Name()); ok && !startsWithWord(rest) {
		text = fn.Wrapper + rest
	}
	before, deprecated, ok := strings.Cut(text, "\n\nDeprecated: ")
	paragraphs := append(strings.Split(before, "\n\n"), wrap(added))
	if ok {
		paragraphs = append(paragraphs, strings.Split("Deprecated: "+deprecated, "\n\n")...)
	}
	return paragraphs
}

// startsWithWord reports whether a text goes on with what can be in an identifier.
func startsWithWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// droppedWords says which results a hit lacks.
func (fn *function) droppedWords() string {
	var words []string
	for _, v := range fn.Values {
		if !v.Dropped {
			continue
		}
		if name := v.Var.Name(); name != "" && name != "_" {
			words = append(words, name)
		} else {
			words = append(words, "the "+types.TypeString(v.Var.Type(), fn.qualifier))
		}
	}
	switch len(words) {
	case 0:
		return ""
	case 1:
		return "Of its results " + words[0] + " is not kept: it is zero unless this call executed the function."
	}
	return "Of its results " + list(words) + " are not kept: they are zero unless this call executed the function."
}

func (fn *function) qualifier(p *types.Package) string {
	if p == fn.pkg.Types {
		return ""
	}
	return p.Name()
}

// promise says how often the function is computed.
func (fn *function) promise() string {
	o := &fn.Options
	var each []string
	if o.Key != nil {
		each = append(each, "value of ["+o.Key.Obj.Name()+"]")
	} else {
		each = fn.inputWords()
	}
	for _, v := range o.Vary {
		each = append(each, "["+v.Obj.Name()+"]")
	}
	if o.PerReceiver {
		each = append(each, "receiver")
	}
	if o.PerRun {
		each = append(each, "run")
	}
	if len(each) == 0 {
		return "computed once"
	}
	return "computed once for each " + list(each)
}

// inputWords are the names of the keyed parameters.
func (fn *function) inputWords() []string {
	var words []string
	for _, in := range fn.plan.Inputs {
		switch {
		case in.Part != nil:
			words = append(words, in.Part.Text)
		case in.Param == fn.Options.Batch:
			words = append(words, "element of "+in.Param.Name)
		default:
			words = append(words, in.Param.Name)
		}
	}
	return words
}

// list joins words as a sentence does.
func list(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

// width is how long a line of a comment may be, without its slashes.
const width = 120

// wrap breaks a text into lines.
func wrap(text string) string {
	var b strings.Builder
	line := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case line+1+len(word) > width:
			b.WriteByte('\n')
			line = 0
		default:
			b.WriteByte(' ')
			line++
		}
		b.WriteString(word)
		line += len(word)
	}
	return b.String()
}
