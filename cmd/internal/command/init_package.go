package command

import (
	"go/build"
	"go/token"
	"path"
	"strings"
	"unicode"
)

// generateFile returns a Go file for the module's directory that holds the line for go generate. Where there is a package it joins that.
// Where there is none it is for go generate alone, so that the directory does not become one.
func (i *initializer) generateFile() (string, error) {
	p, err := build.Default.ImportDir(i.dir, 0)
	if p != nil && p.Name != "" {
		return "package " + p.Name + "\n\n" + generateLine + "\n", nil
	}
	if _, none := err.(*build.NoGoError); err != nil && !none {
		return "", err
	}
	return "//go:build generate\n\npackage " + packageName(i.mod.Module.Mod.Path) + "\n\n" + generateLine + "\n", nil
}

// packageName returns what a package in a module's directory would be called.
func packageName(module string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, path.Base(module))
	if !token.IsIdentifier(name) {
		return "generate"
	}
	return name
}
