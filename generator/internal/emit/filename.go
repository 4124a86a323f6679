package emit

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// defaultStem is what the names of generated files begin with where the package does not say.
const defaultStem = "cache"

// FileName returns the base name of the generated file for functions in files with a build
// constraint: cache_gen.go without one, cache_linux_gen.go, cache_linux_and_not_race_gen.go. Where
// the words alone could mean another constraint, a short digest of it follows. The stem is what to
// begin with instead of "cache", or "".
func FileName(stem, build string) string {
	words := constraintWords(build)
	if words != "" {
		words = "_" + words
	}
	return cmp.Or(stem, defaultStem) + words + "_gen.go"
}

// constraintWords are a build constraint as a part of a file's name.
func constraintWords(build string) string {
	if build == "" {
		return ""
	}
	words := strings.NewReplacer("&&", "and", "||", "or", "!", "not ").Replace(build)
	name := strings.Join(strings.FieldsFunc(words, func(r rune) bool { return !isWord(r) }), "_")
	if !plainBuild.MatchString(build) || operatorTag.MatchString(build) || len(name) > 80 {
		sum := sha256.Sum256([]byte(build))
		name = name[:min(len(name), 80)] + "_" + hex.EncodeToString(sum[:4])
	}
	return name
}

// plainBuild matches constraints that their words tell apart: lower-case tags joined by one kind of
// operator.
var plainBuild = regexp.MustCompile(`^!?[a-z0-9]+( && !?[a-z0-9]+)*$|^!?[a-z0-9]+( \|\| !?[a-z0-9]+)*$`)

// operatorTag matches constraints with a tag that is called as an operator is written here.
var operatorTag = regexp.MustCompile(`\b(and|or|not)\b`)

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
