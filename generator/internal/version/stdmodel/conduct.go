package stdmodel

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Conduct says what a function of the standard library does to memory, as far as it was reviewed. What is not said it does not do; a function
// without a conduct may do anything: it writes to all that its arguments reach, keeps them, returns them, and reads and changes what its
// package hides.
//
// Every function reads what its arguments reach, and may call the functions and methods that it is given. Results are new memory that may hold the
// arguments, unless it says something else.
type Conduct struct {
	// Own are the arguments whose own memory it writes to, a receiver being 0: elements of a slice or map, what a pointer leads to. Near are those of which
	// it changes the state of values of its own package, at any depth: a list is linked. State are those of which it changes the state of whatever
	// value of other modules they reach: a reader is read. All are those of which it may write to all that they reach, Any those where
	// types do not tell what that is: reflection.
	Own, Near, State, All, Any Args
	// Locks are the locks that it locks or unlocks, Tries those of which it asks whether they are locked.
	Locks, Tries Args
	// Into are the arguments that argument 0 may hold afterwards; those in Fills may hold any argument. Keeps are those that the package may hold.
	Into, Fills, Keeps Args
	// Appends are the slices that it appends to.
	Appends Args
	// Self says that the results are argument 0: a method returns what it was called on. Same says that they may be the arguments, or what they hold. Copies says that they don't even hold what the arguments do, Clones that
	// they hold what the arguments' memory does, not that memory.
	Self, Same, Copies, Clones bool
	// Holds are the arguments that results may hold, where those are not all.
	Holds Args
	// Frozen says that nobody can change the memory that results have of their own, as that of an error which [errors.New] makes.
	Frozen bool
	// Reads and Changes say that it does so to what the package hides, with others to see.
	Reads, Changes bool
	// Part names the part of what the package hides that is meant, where it has parts: the handlers of
	// http.Handle have nothing in common with http.DefaultClient. Variables belong to parts, too.
	Part string
	// Process says that it reads the state of the process: the environment, the working directory, files.
	Process bool
	// Prints says that it writes to what os.Stdout is.
	Prints bool
	// Logs says that it hands a line to what argument 0 holds, or what the package keeps: what it reads decides nothing but that line.
	Logs bool
	// Reflects says that it may call any exported method of what it is given, and write to fields of the user's types.
	Reflects bool
}

// Args is a set of arguments. All beyond the 15th are one.
type Args uint16

// Has reports whether an argument is in the set.
func (a Args) Has(i int) bool { return a&(1<<min(i, 15)) != 0 }

//go:embed conduct.txt
var conducts string

// rule is what a line of the model says about a name, or about names with a beginning. A nil conduct is the default.
type rule struct {
	pattern string
	conduct *Conduct
}

// rules are those of each package: exact names first, then patterns, the longer ones first.
var rules = sync.OnceValue(func() map[string][]rule {
	all, err := parse(conducts)
	if err != nil {
		panic(err) // a test reads them all
	}
	return all
})

// ConductOf returns what a function or method does, by its package's path and its name: "Sort", "Reader.Read"; nil if nothing is known of it.
func ConductOf(path, name string) *Conduct {
	c, _ := lookUp(path, name)
	return c
}

// PartOf names the part of what its package hides that a variable belongs to, or a function with a
// conduct works on: the package's path where there are no parts.
func PartOf(path string, c *Conduct) string {
	if c == nil || c.Part == "" {
		return path
	}
	return path + "#" + c.Part
}

// lookUp also reports whether there is a line about it.
func lookUp(path, name string) (*Conduct, bool) {
	if path == "" {
		path = "(universe)"
	}
	for _, r := range rules()[path] {
		if matchesName(r.pattern, name) || r.pattern == "*" {
			return r.conduct, true
		}
	}
	return nil, false
}

// parse reads the model.
func parse(text string) (map[string][]rule, error) {
	all := map[string][]rule{}
	var paths []string
	for n, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || line[0] == '#':
		case line[0] != '\t':
			paths = words
		default:
			names, conduct, err := parseLine(words)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			for _, path := range paths {
				for _, name := range names {
					all[path] = append(all[path], rule{name, conduct})
				}
			}
		}
	}
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b rule) int { return precision(b.pattern) - precision(a.pattern) })
	}
	return all, nil
}

// precision orders patterns: exact names before beginnings, longer beginnings before shorter ones.
func precision(pattern string) int {
	if strings.HasSuffix(pattern, "*") {
		return len(pattern)
	}
	return 1000
}

// parseLine reads names and what they do.
func parseLine(words []string) (names []string, c *Conduct, err error) {
	c = &Conduct{}
	for i, word := range words {
		name, value, _ := strings.Cut(word, "=")
		known := true
		switch name {
		case "part":
			c.Part = value
		case "pure":
		case "default":
			return words[:i], nil, nil
		case "self":
			c.Self = true
		case "same":
			c.Same = true
		case "copies":
			c.Copies = true
		case "clones":
			c.Clones = true
		case "frozen":
			c.Frozen = true
		case "reads":
			c.Reads = true
		case "changes":
			c.Changes = true
		case "prints":
			c.Prints = true
		case "process":
			c.Process = true
		case "logs":
			c.Logs = true
		case "reflects":
			c.Reflects = true
		default:
			if set := c.set(name); set != nil && value != "" {
				if *set, err = parseArgs(value); err != nil {
					return nil, nil, err
				}
			} else if known = false; names != nil && len(names) != i {
				return nil, nil, fmt.Errorf("unknown word %q", word)
			}
		}
		if !known {
			names = words[:i+1]
		}
	}
	if len(names) == len(words) {
		return nil, nil, fmt.Errorf("%s do nothing", strings.Join(names, " "))
	}
	return names, c, nil
}

// set is the set of arguments with a name.
func (c *Conduct) set(name string) *Args {
	switch name {
	case "own":
		return &c.Own
	case "near":
		return &c.Near
	case "state":
		return &c.State
	case "all":
		return &c.All
	case "any":
		return &c.Any
	case "locks":
		return &c.Locks
	case "tries":
		return &c.Tries
	case "into":
		return &c.Into
	case "fills":
		return &c.Fills
	case "keeps":
		return &c.Keeps
	case "holds":
		return &c.Holds
	case "appends":
		return &c.Appends
	}
	return nil
}

func parseArgs(list string) (Args, error) {
	var args Args
	for word := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 {
			return 0, fmt.Errorf("%q is no argument", word)
		}
		args |= 1 << min(n, 15)
	}
	return args, nil
}

// IsQuiet reports whether the state of a type decides no result: locks decide when, not what, unless somebody asks whether they are locked.
func IsQuiet(path, name string) bool {
	switch path {
	case "sync":
		return slices.Contains([]string{"Mutex", "RWMutex", "WaitGroup", "Once", "Cond", "Pool", "noCopy"}, name)
	case "reflect":
		return name == "rtype"
	case "internal/abi":
		return true
	}
	return false
}
