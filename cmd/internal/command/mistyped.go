package command

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/internal/regular"
)

// mistyped reports a first argument that is no command and can't be a package: a word without a dot or slash. Packages of one word are those
// of the standard library, where there is nothing to generate, and a module of the user's that is called so.
func mistyped(word string) error {
	if strings.ContainsAny(word, "./\\") || strings.HasPrefix(word, "-") || word == "" || word == mainModule() || slices.Contains([]string{"all", "work"}, word) {
		return nil
	}
	var names []string
	for _, sub := range subcommands() {
		names = append(names, sub.name)
	}
	return fmt.Errorf("%s is no command%s; cachegen help lists them, and a package is ./%[1]s or its whole import path", word,
		generator.DidYouMean(word, slices.Values(append(names, "version"))))
}

// mainModule is the path of the module around the current directory, "" if there is none.
func mainModule() string {
	dir, err := os.Getwd()
	for err == nil {
		if data, err := regular.ReadFile(filepath.Join(dir, "go.mod")); err == nil {
			return modfile.ModulePath(data)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	return ""
}
