package model_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/model"
)

var update = flag.Bool("update", false, "rewrite what is expected")

// TestModels compares the models of archives with what their last file says.
func TestModels(t *testing.T) {
	archives, err := filepath.Glob("testdata/models/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no models", err)
	}
	for _, name := range archives {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := &archive.Files[len(archive.Files)-1]
			prog, _ := program(t, &txtar.Archive{Files: archive.Files[:len(archive.Files)-1]})
			var diags diag.List
			packages := model.Build(prog, &diags)
			for _, d := range diags.Sorted() {
				t.Error(d)
			}
			var got bytes.Buffer
			for _, p := range packages {
				for _, f := range p.Functions {
					dump(&got, f)
				}
			}
			if *update {
				last.Data = got.Bytes()
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(last.Data), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// dump writes a function as people read it: what is zero is left out.
func dump(w *bytes.Buffer, f *model.Function) {
	typeString := func(t types.Type) string {
		return types.TypeString(t, func(p *types.Package) string { return p.Name() })
	}
	fmt.Fprintf(w, "%s: %s at %d:%d\n", f.Name, f.Behaviour, f.Pos.Line, f.Pos.Column)
	fmt.Fprintf(w, "  %s %s %s %s\n", f.Wrapper, f.Controls, f.Args, f.Results)
	if f.Build != "" {
		fmt.Fprintf(w, "  build %s\n", f.Build)
	}
	param := func(kind string, p *model.Param) {
		fmt.Fprintf(w, "  %s %s %s", kind, p.Name, typeString(p.Var.Type()))
		for _, word := range []struct {
			is   bool
			name string
		}{
			{p == f.Context, "context"}, {p.Ignored, "ignored"}, {p.Secret, "secret"}, {p.Variadic, "variadic"}, {p == f.Options.Batch, "batch"},
		} {
			if word.is {
				fmt.Fprintf(w, " %s", word.name)
			}
		}
		if p.Field != "" {
			fmt.Fprintf(w, " as %s", p.Field)
		}
		fmt.Fprintf(w, " at %d:%d\n", p.Pos.Line, p.Pos.Column)
	}
	if f.Receiver != nil {
		param("receiver", f.Receiver)
	}
	for _, p := range f.Params {
		param("param", p)
	}
	for _, v := range f.Values {
		fmt.Fprintf(w, "  value %s %s as %s at %d:%d\n", v.Name, typeString(v.Var.Type()), v.Field, v.Pos.Line, v.Pos.Column)
	}
	if f.HasError {
		fmt.Fprintln(w, "  error")
	}
	for _, option := range options(&f.Options, typeString) {
		fmt.Fprintf(w, "  %s\n", option)
	}
}

// options are the fields of the options that are set.
func options(o *model.Options, typeString func(types.Type) string) []string {
	ref := func(r *model.FuncRef) string {
		if r == nil {
			return ""
		}
		return fmt.Sprintf("%s.%s %s generic=%t receiver=%t error=%t", r.Obj.Pkg().Path(), r.Obj.Name(), typeString(r.Signature), r.Generic, r.WithReceiver, r.WithError)
	}
	refs := func(list []*model.FuncRef) string {
		var all []string
		for _, r := range list {
			all = append(all, ref(r))
		}
		return strings.Join(all, "; ")
	}
	age := ""
	if o.MaxAge != nil {
		age = o.MaxAge.String()
	}
	fields := []struct {
		name  string
		value any
	}{
		{"max-age", age},
		{"max-age", ref(o.MaxAgeFunc)},
		{"key", ref(o.Key)},
		{"vary", refs(o.Vary)},
		{"validate", ref(o.Validate)},
		{"unless", ref(o.Unless)},
		{"namespace", o.Namespace},
		{"salt", o.Salt},
		{"version", o.Version},
		{"body", o.Body},
		{"toolchain", o.Toolchain},
		{"policies", refs(o.Policies)},
		{"per run", o.PerRun},
		{"per receiver", o.PerReceiver},
		{"serialize", o.Serialize},
		{"lease", o.Lease},
		{"no join", o.NoJoin},
		{"stale-while-revalidate", o.StaleWhileRevalidate},
		{"stale-if-error", o.StaleIfError},
		{"error-max-age", o.ErrorMaxAge},
		{"target", o.Target},
		{"store", o.Store},
		{"portable", o.Portable},
		{"memory-entries", o.MemoryEntries},
		{"share", o.Share},
		{"tags", strings.Join(o.Tags, " ")},
		{"keep-inputs", o.KeepInputs},
		{"keep-failed", o.KeepFailed},
		{"reviewed", o.Reviewed},
		{"trust", o.Trust},
	}
	var set []string
	for _, f := range fields {
		if s := fmt.Sprint(f.value); s != "" && s != "false" && s != "0" && s != "0s" {
			set = append(set, f.name+": "+s)
		} else if f.name == "max-age" && f.value == "0s" {
			set = append(set, "max-age: 0")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Pos)) {
		set = append(set, fmt.Sprintf("%s at %d:%d", name, o.Pos[name].Line, o.Pos[name].Column))
	}
	return set
}
