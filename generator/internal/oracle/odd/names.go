package odd

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// vocabulary are the names that generated code declares, calls and imports, or could.
var vocabulary = strings.Fields(`a args b buf buffer c caches ctx depth e e2 ends err fail field found i i2 id identity k k2 key m name p p2 r
	start v value v2 T K V P0 R0 Arg0 Key Name Version Shape Options Clone Call Spec Family Generation1 cacheimpl cache cachegen context slices
	maps strings strconv time unsafe proto lib fmt FCache FArgs FResults CachedF cachedF fCaches fSpec fCaches2 gSpec appendRow appendT appendTKey
	cloneRow cloneT cloneTValue cloneFResults appendFVary AppendCacheKey AppendValue AppendString Hit Do HitEncoded DoEncoded receiver receiverArg
	arg0 r0 r1 ctxArg init2 moduleText x y n s é ñandú Ünder _a a_ A B M N O F2 Cached cached append2`)

// predeclared are names that are legal for parameters and type parameters and mean something else inside then.
var predeclared = strings.Fields("any append bool byte clear copy error false float64 int int64 len make max min new nil string true uint64 uint8")

// namer hands out names of which no two in a scope are the same.
type namer struct {
	rng   *rand.Rand
	taken map[string]bool
}

func newNamer(rng *rand.Rand, taken ...string) namer {
	n := namer{rng, map[string]bool{}}
	for _, name := range taken {
		n.taken[name] = true
	}
	return n
}

// name returns a name that is free, of the lists or made up.
func (n namer) name(lists ...[]string) string {
	all := slices.Concat(lists...)
	for range 10 {
		if name := all[n.rng.IntN(len(all))]; !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
	name := fmt.Sprintf("name%d", len(n.taken))
	n.taken[name] = true
	return name
}

// inner returns the name of something inside of a function.
func (n namer) inner() string { return n.name(vocabulary, predeclared) }

// chance reports true once in so many times.
func chance(rng *rand.Rand, in int) bool { return rng.IntN(in) == 0 }
