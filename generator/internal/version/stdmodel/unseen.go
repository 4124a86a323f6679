package stdmodel

import (
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Unseen is what a function may depend on that no version can see.
type Unseen struct {
	// Category is that of the warning.
	Category string
	// What it is, and the Remedy: what to do about it.
	What, Remedy string
	// Aged says that it changes by and by, so that an age bounds what comes of it: where one is set there is nothing to say.
	Aged bool
}

var (
	clock       = Unseen{"clock", "the clock", "pass the time as a parameter, or set max-age", true}
	zone        = Unseen{"time-zone", "the local time zone", "use UTC, or take a location as a parameter", false}
	chance      = Unseen{"random", "randomness", "pass a seed as a parameter", false}
	environment = Unseen{"environment", "the environment", "pass the value as a parameter, or name it with vary", false}
	files       = Unseen{"file", "the content of files", "take a cache.File parameter, whose key is the file's content", false}
	network     = Unseen{"network", "the network", "set max-age", true}
	process     = Unseen{"process", "another program", "set max-age", true}
	caller      = Unseen{"caller", "where its callers are in the source", "pass what is needed as a parameter", false}
)

// unseen are the functions and variables of the standard library that bring something in, by package and name. "*" is all functions of the
// package; a name that ends in "*" is a beginning.
var unseen = map[string][]struct {
	names  []string
	unseen *Unseen
}{
	"time":         {{[]string{"Now", "Since", "Until"}, &clock}, {[]string{"Local", "Time.Local", "Unix", "UnixMicro", "UnixMilli"}, &zone}},
	"log":          {{[]string{"LstdFlags", "Ldate", "Ltime", "Lmicroseconds"}, &clock}, {[]string{"Lshortfile", "Llongfile"}, &caller}},
	"math/rand":    {{[]string{"ExpFloat64", "Float*", "Int*", "NormFloat64", "Perm", "Read", "Shuffle", "Uint*"}, &chance}},
	"math/rand/v2": {{[]string{"ExpFloat64", "Float*", "Int*", "N", "NormFloat64", "Perm", "Shuffle", "Uint*"}, &chance}},
	"crypto/rand":  {{[]string{"*"}, &chance}},
	"hash/maphash": {{[]string{"MakeSeed"}, &chance}},
	"os": {
		{[]string{"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Hostname", "Getwd", "Getpid", "Getuid", "Args", "Executable", "User*", "TempDir"}, &environment},
		{[]string{"Open*", "ReadFile", "ReadDir", "Stat", "Lstat", "Readlink", "DirFS", "Root.Open*", "Root.ReadFile", "Root.Stat", "Root.FS"}, &files},
		{[]string{"StartProcess"}, &process},
	},
	"os/user":       {{[]string{"*"}, &environment}},
	"runtime":       {{[]string{"NumCPU", "GOMAXPROCS", "NumGoroutine", "ReadMemStats"}, &environment}, {[]string{"Caller*", "Stack", "FuncForPC"}, &caller}},
	"runtime/debug": {{[]string{"Stack", "PrintStack"}, &caller}, {[]string{"ReadBuildInfo"}, &environment}},
	"path/filepath": {{[]string{"Walk*", "Glob", "EvalSymlinks"}, &files}, {[]string{"Abs"}, &environment}},
	"io/ioutil":     {{[]string{"ReadFile", "ReadDir"}, &files}},
	"net":           {{[]string{"Dial*", "Listen*", "Lookup*", "Interface*", "Resolve*", "Dialer.*", "Resolver.*"}, &network}},
	"net/http":      {{[]string{"Get", "Head", "Post*", "Client.Do", "Client.Get", "Client.Head", "Client.Post*"}, &network}},
	"net/smtp":      {{[]string{"*"}, &network}},
	"database/sql":  {{[]string{"DB.Query*", "DB.Exec*", "Conn.Query*", "Tx.Query*", "Stmt.Query*"}, &network}},
	"os/exec":       {{[]string{"Command*", "LookPath"}, &process}},
	"syscall":       {{[]string{"Getenv", "Environ"}, &environment}},
}

// UnseenOf returns what an object outside brings in, or nil.
func UnseenOf(id facts.ID) *Unseen {
	if id == facts.FileOfPath {
		return &files
	}
	for _, entry := range unseen[id.Package] {
		if matchesAny(entry.names, id.Name) {
			return entry.unseen
		}
	}
	return nil
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matchesName(pattern, name) })
}

func matchesName(pattern, name string) bool {
	if beginning, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, beginning) && (beginning != "" || !strings.Contains(name, "."))
	}
	return pattern == name
}
