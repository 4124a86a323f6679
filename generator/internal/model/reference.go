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

` + "`go test ./generator/internal/model -update`" + ` makes this page from cachegen's own tables.
` + "`cachegen help options`" + ` prints the same.

` + "```go" + `
// Forecast asks the weather service.
//
//cache:auto max-age=10m tags=city:{city} // they measure every ten minutes
//cache:with ignore=log
func Forecast(ctx context.Context, city string, log *slog.Logger) (string, error) { … }
` + "```" + `

## Directives

A directive is a line of a doc comment. A function has one line with a behaviour, and as many lines
of ` + "`//cache:with`" + ` as you like.

| line | meaning |
| --- | --- |
`)
	for f := range directive.Forms() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", f.Usage, cell(f.Doc))
	}
	b.WriteString(`
An option is ` + "`name=value`" + ` or a bare name. Quotes are as in Go, around the value or around the whole
word: ` + "`salt=\"a b\"`, `\"salt=a b\"`" + `. Backquotes work too. Lists use commas. Durations are as in Go, plus
` + "`d`" + ` for 24 hours. A bare number is seconds. What follows ` + "` // `" + ` is a comment. ` + "`=off`" + ` takes
back what the package's default says.

A function that an option names is one of the package, or ` + "`pkg.Fn`" + ` of a package that the file
imports. A blank import is enough. For a generic function it is generic too, with the same type
parameters.

## Options

| option | behaviours | default | meaning |
| --- | --- | --- | --- |
`)
	for o := range directive.Options() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", cell(o.Usage()), behaviours(o), yes(o.Default), cell(o.Doc))
	}
	b.WriteString(`
*Default* says whether a package's default may have the option. A default's ` + "`version` and `policy`" + `
concern the functions whose behaviour can have them. Its ` + "`ignore` and `secret`" + ` concern the functions
that have such parameters.

## What options need

A default that would mean nothing for a function is left out for it. Everything else is an error.

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
