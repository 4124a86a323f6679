package check

import "go/types"

// rule is what a review of a type says that its declaration doesn't.
type rule struct {
	// append is the runtime's function for it in keys.
	append    string
	byPointer bool
	// identity says that a value is what it is by where it is: only pointers to it mean something.
	identity bool
	// comparable says that == is the cache's equality.
	comparable bool
	// immutable says that a value and what it points to are never changed, so that pointers to it
	// may be shared.
	immutable bool
	// copy is the method by which a new value takes the value over; "" says that assignment copies.
	copy string
}

const runtimePath = "github.com/cachegen/cachegen/runtime"

// reviewed are the types whose private parts are known, or whose marshalers forget something.
var reviewed = map[string]rule{
	runtimePath + ".File": {append: "AppendFile"},

	"time.Time":     {append: "AppendTime", immutable: true},
	"time.Location": {append: "AppendLocation", byPointer: true, identity: true, immutable: true}, // a copy of time.Local is no Local

	"net/netip.Addr":     {append: "AppendAddr", comparable: true, immutable: true},
	"net/netip.AddrPort": {append: "AppendAddrPort", comparable: true, immutable: true},
	"net/netip.Prefix":   {append: "AppendPrefix", comparable: true, immutable: true},

	// A URL's MarshalBinary is its text, which URLs that differ have in common.
	"net/url.URL":      {append: "AppendURL", byPointer: true},
	"net/url.Userinfo": {append: "AppendUserinfo", byPointer: true, immutable: true},

	"math/big.Int":   {append: "AppendBigInt", byPointer: true, copy: "Set"},
	"math/big.Rat":   {append: "AppendBigRat", byPointer: true, copy: "Set"},
	"math/big.Float": {append: "AppendBigFloat", byPointer: true, copy: "Copy"},

	// Its MarshalText forgets whether it prefers the longest match.
	"regexp.Regexp": {append: "AppendRegexp", byPointer: true},
}

func ruleOf(t types.Type) (rule, bool) {
	r, ok := reviewed[typeName(t)]
	return r, ok
}

// isIdentity reports whether values of t mean something only where they are.
func isIdentity(t types.Type) bool {
	r, ok := ruleOf(t)
	return ok && r.identity
}

// identityProblem is why such a value is refused.
const identityProblem = "is a %s, which must not be copied: use a pointer"

// isByteArray reports whether t is an array of bytes, such as a UUID: the bytes say all, whatever
// methods it has.
func isByteArray(t types.Type) bool {
	a, ok := t.Underlying().(*types.Array)
	return ok && isByte(a.Elem())
}
