package model

import (
	"fmt"
	"io"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/directive"
)

// WriteReference writes the reference of directives and options in Markdown: all the tables that
// parser and checks work with.
func WriteReference(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# Directives and options

This page is made from the tables that cachegen itself works with (` + "`go test ./generator/internal/model -update`" + `); ` + "`cachegen help options`" + ` prints
the same.

## Directives

Lines of a doc comment. One behaviour line a function, continued by ` + "`//cache:with`" + ` lines.

| line | meaning |
| --- | --- |
`)
	for f := range directive.Forms() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", f.Usage, cell(f.Doc))
	}
	b.WriteString(`
Options are ` + "`name=value`" + ` words or bare flags. Quotes are as in Go, around the value or the whole word: ` + "`salt=\"a b\"`, `\"salt=a b\"`" + `; backquotes work
too. Lists use commas. Durations are as in Go, plus ` + "`d`" + ` for 24 hours; a bare number is seconds. What follows ` + "` // `" + ` is a comment. ` + "`=off`" + ` takes
back what the package's default says. A function is one of the package, generic with the same type parameters if need be, or ` + "`pkg.Fn`" + ` of a package that the
file imports, for which a blank import is enough.

## Options

| option | behaviours | default | meaning |
| --- | --- | --- | --- |
`)
	for o := range directive.Options() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", cell(o.Usage()), behaviours(o), yes(o.Default), cell(o.Doc))
	}
	b.WriteString(`
*Default* says whether a package's default may have the option. ` + "`version` and `policy`" + ` of a default concern the functions whose behaviour can have them;
` + "`ignore` and `secret`" + ` those that have such parameters.

## What options need

A default that would mean nothing for a function is left out for it; everything else is an error.

| option | needs | because |
| --- | --- | --- |
`)
	for _, r := range Requirements {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.Option, cell(r.Needs), cell(r.Why))
	}
	b.WriteString(`
## What does not go together

All other options can be combined.

| option | does not go with | because |
| --- | --- | --- |
`)
	for _, c := range Conflicts {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", c.Option, strings.Join(c.With, "`, `"), cell(c.Why))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// behaviours names those that can have the option.
func behaviours(o directive.Option) string {
	if o.Package {
		return "the package"
	}
	var names []string
	for _, b := range []directive.Behaviours{directive.Auto, directive.Override, directive.Disable} {
		if o.Allows(b) {
			names = append(names, b.String())
		}
	}
	if len(names) == 3 {
		return "all"
	}
	return strings.Join(names, ", ")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// cell is text in a cell of a Markdown table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
