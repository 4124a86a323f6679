package emit

import (
	"strings"

	"github.com/cachegen/cachegen/generator/internal/check"
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
		return doc + " for " + list(fn.typeParamNames()) + "."
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
	return "are the arguments of " + fn.link() + " that identify a result."
}

// wrapperDoc says what the wrapper does, and what the function's own comment says about its end.
func (fn *function) wrapperDoc() []string {
	doc := fn.Wrapper + " is " + fn.link() + ", " + fn.promise() + "."
	if fn.disabled() {
		doc = fn.Wrapper + " is " + fn.link() + ": its cache is switched off."
	}
	paragraphs := []string{doc}
	for paragraph := range strings.SplitSeq(fn.Decl.Doc.Text(), "\n\n") {
		if strings.HasPrefix(paragraph, "Deprecated: ") {
			paragraphs = append(paragraphs, strings.TrimRight(paragraph, "\n"))
		}
	}
	return paragraphs
}

// promise says how often the function is computed.
func (fn *function) promise() string {
	o := &fn.Options
	doc := "computed once"
	switch words := fn.inputWords(); {
	case o.Key != nil:
		doc += " for each value of [" + o.Key.Obj.Name() + "]"
	case o.Batch != nil:
		doc += " for each element of " + list(words)
	case len(words) > 0:
		doc += " for each " + list(words)
	}
	if o.PerReceiver {
		doc += " by each receiver"
	}
	for i, v := range o.Vary {
		if i == 0 {
			doc += ", apart for each "
		} else {
			doc += " and "
		}
		doc += "[" + v.Obj.Name() + "]"
	}
	if o.PerRun {
		doc += ", in each run"
	}
	if o.Target != "" {
		doc += ", and kept at " + o.Target
	}
	return doc
}

// inputWords are the names of the keyed parameters, the batch's first.
func (fn *function) inputWords() []string {
	var words []string
	for _, in := range fn.plan.Inputs {
		words = append(words, inputWord(in))
	}
	return words
}

func inputWord(in check.Input) string {
	if in.Param == nil {
		return "key"
	}
	return in.Param.Name
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
