package cacheimpl

import (
	"log/slog"
	"reflect"
	"sync"

	"github.com/cachegen/cachegen/runtime/internal/types"
)

// misfit returns what reports whether types are not what generated code takes them for, nil where
// it takes nothing for granted. It looks when it is first asked, and logs once that they are not.
func misfit(spec *Spec, args, value reflect.Type) func() bool {
	if spec.Layout == "" {
		return nil
	}
	layout := types.Layout(spec.Layout)
	var results []reflect.Type
	if !spec.Options.Share && !spec.Options.CloneByCodec {
		results = append(results, value)
	}
	return sync.OnceValue(func() bool {
		if layout.Fits(fieldsOf(args), resultsOf(spec.Varies), results, pointees(spec.TypeArgs)) {
			return false
		}
		slog.Default().Warn("cachegen: not cached, for a type of another module, or one that differs between builds, is not as it was when "+
			"the wrapper was generated; generate with the modules, the tags and the target of this program", "func", spec.Name)
		return true
	})
}

func fieldsOf(args reflect.Type) []reflect.Type {
	var l []reflect.Type
	for f := range args.Fields() {
		l = append(l, f.Type)
	}
	return l
}

func resultsOf(functions []any) []reflect.Type {
	var l []reflect.Type
	for _, f := range functions {
		l = append(l, reflect.TypeOf(f).Out(0))
	}
	return l
}

func pointees(pointers []any) []reflect.Type {
	var l []reflect.Type
	for _, p := range pointers {
		l = append(l, reflect.TypeOf(p).Elem())
	}
	return l
}
