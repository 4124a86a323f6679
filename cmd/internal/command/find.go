package command

import (
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/internal/regular"
)

// find returns the function that a name means. All of its name does, and a part of it after a slash or dot, the name of its wrapper, and
// both as Go or a shell may write them: "(*Client).Get", "./weather.Forecast".
func find(result *generator.Result, name string) (generator.Function, error) {
	var found []generator.Function
	wanted := plainName(name)
	for _, fn := range result.Functions {
		if fn.Name == wanted {
			return fn, nil
		}
		if isEnd(fn.Name, wanted) || isEnd(wrapperName(fn), wanted) || isIn(fn, name) {
			found = append(found, fn)
		}
	}
	if found == nil {
		found = slices.DeleteFunc(slices.Clone(result.Functions), func(fn generator.Function) bool { return !isInPackage(fn, wanted) })
	}
	switch len(found) {
	case 0:
		return generator.Function{}, fmt.Errorf("no cached function is called %s%s; cachegen list ./... prints all", name, didYouMean(result, wanted))
	case 1:
		return found[0], nil
	}
	var names []string
	for _, fn := range found {
		names = append(names, fn.Name)
	}
	return generator.Function{}, fmt.Errorf("%s can be %s", name, strings.Join(names, " or "))
}

// around are the packages among which a function is looked for: those in and below the current directory, and the one that the name begins
// with.
func around(name string) []string {
	if !strings.HasPrefix(name, "../") {
		return []string{"./..."}
	}
	dir, base := filepath.Split(filepath.FromSlash(name))
	last, _, _ := strings.Cut(base, ".")
	return []string{filepath.ToSlash(filepath.Join(dir, last))}
}

// plainName is a name without the brackets of a method expression, and without type arguments.
func plainName(name string) string {
	name = brackets.ReplaceAllString(strings.TrimPrefix(name, "./"), "")
	return strings.NewReplacer("(", "", ")", "", "*", "").Replace(name)
}

// brackets are type arguments, or the type parameters of a receiver.
var brackets = regexp.MustCompile(`\[.*\]`)

// didYouMean suggests a function whose name is like one that is unknown: by as many of the words at its end as that has.
func didYouMean(result *generator.Result, name string) string {
	words := strings.Count(name, ".") + 1
	var names []string
	for _, fn := range result.Functions {
		parts := strings.Split(fn.Name[strings.LastIndexByte(fn.Name, '/')+1:], ".")
		names = append(names, strings.Join(parts[max(0, len(parts)-words):], "."))
	}
	return generator.DidYouMean(name, slices.Values(names))
}

// wrapperName is the name of a function's wrapper, with its path and type.
func wrapperName(fn generator.Function) string {
	return fn.Name[:strings.LastIndexByte(fn.Name, '.')+1] + fn.Wrapper[strings.LastIndexByte(fn.Wrapper, '.')+1:]
}

// isEnd reports whether a name ends in another as a whole word.
func isEnd(name, end string) bool {
	return name == end || strings.HasSuffix(name, "."+end) || strings.HasSuffix(name, "/"+end)
}

// isIn reports whether a name begins with the directory of a function, relative to the current one, and means the function there.
func isIn(fn generator.Function, name string) bool {
	if !strings.HasPrefix(name, "./") && !strings.HasPrefix(name, "../") {
		return false
	}
	dir, base := filepath.Split(filepath.FromSlash(name))
	last, function, ok := strings.Cut(base, ".")
	if !ok {
		return false
	}
	where, err := filepath.Abs(filepath.Join(dir, last))
	function = plainName(function)
	return err == nil && where == filepath.Dir(fn.File) && (fn.Package+"."+function == fn.Name || fn.Package+"."+function == wrapperName(fn))
}

// isInPackage reports whether a name is a function's as code of other packages writes it, where the package is called otherwise than the end of its
// import path: weather.Forecast of example.com/weather/v2.
func isInPackage(fn generator.Function, name string) bool {
	of, function, ok := strings.Cut(name, ".")
	if !ok || fn.Package+"."+function != fn.Name && fn.Package+"."+function != wrapperName(fn) {
		return false
	}
	file, err := parser.ParseFile(token.NewFileSet(), fn.File, nil, parser.PackageClauseOnly)
	return err == nil && file.Name.Name == of
}

// find is find for a result, here or of a base. Where a function is not found because its package
// has errors, these are printed, and it is not said that there is no such function.
func (c *command) find(b *base, result *generator.Result, name string) (generator.Function, error) {
	fn, err := find(result, name)
	if err != nil && c.reportAbout(b, result, name) {
		err = fmt.Errorf("the package of %s has errors", name)
	}
	return fn, err
}

// reportAbout prints the errors of packages that declare a function which the name may mean: why it
// is not among the cached ones. It says whether one of them must be meant, because the name says no
// other.
func (c *command) reportAbout(b *base, result *generator.Result, name string) (meant bool) {
	last := name[strings.LastIndexAny(name, "./")+1:]
	declares, err := regexp.Compile(`(?m)^func (\([^)]*\) )?` + regexp.QuoteMeta(last) + `\b`)
	if err != nil {
		return false
	}
	known := map[string]bool{}
	full := "/" + plainName(name)
	c.reportIf(b, result, func(d generator.Diagnostic) bool {
		dir := filepath.Dir(d.Pos.Filename)
		if _, ok := known[dir]; !ok {
			files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
			for _, file := range files {
				src, _ := regular.ReadFile(file)
				known[dir] = known[dir] || declares.Match(src)
			}
		}
		meant = meant || known[dir] && (!strings.Contains(full, ".") || strings.Contains(full, "/"+filepath.Base(dir)+"."))
		return known[dir]
	})
	return meant
}
