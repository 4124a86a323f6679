package check

import "go/types"

// rule is what a review of a type says that its declaration doesn't.
type rule struct {
	// append is the runtime's function for it in keys; "" says that its fields do, whatever its methods.
	append    string
	byPointer bool
	// comparable says that == is the cache's equality.
	comparable bool
	// storable says that the runtime's codec knows it.
	storable bool
	// immutable says that a value and what it points to are never changed, so that pointers to it may be shared.
	immutable bool
	// copy is the method by which a new value takes the value over; "" says that assignment copies.
	copy string
}

const runtimePath = "github.com/cachegen/cachegen/runtime"

// reviewed are the types whose private parts are known. Promises of packages outside the standard library hold for all of their
// major version.
var reviewed = map[string]rule{
	runtimePath + ".File": {append: "AppendFile", storable: true},

	"time.Time":     {append: "AppendTime", storable: true, immutable: true},
	"time.Location": {append: "AppendLocation", byPointer: true, storable: true, immutable: true},

	"net/netip.Addr":     {append: "AppendAddr", comparable: true, storable: true, immutable: true},
	"net/netip.AddrPort": {append: "AppendAddrPort", comparable: true, storable: true, immutable: true},
	"net/netip.Prefix":   {append: "AppendPrefix", comparable: true, storable: true, immutable: true},

	// A URL's MarshalBinary is its text, which URLs that differ have in common.
	"net/url.URL":      {append: "AppendURL", byPointer: true, storable: true},
	"net/url.Userinfo": {append: "AppendUserinfo", byPointer: true, storable: true, immutable: true},

	"math/big.Int":   {append: "AppendBigInt", byPointer: true, storable: true, copy: "Set"},
	"math/big.Rat":   {append: "AppendBigRat", byPointer: true, storable: true, copy: "Set"},
	"math/big.Float": {append: "AppendBigFloat", byPointer: true, storable: true, copy: "Copy"},

	// Its MarshalText forgets whether it prefers the longest match.
	"regexp.Regexp": {append: "AppendRegexp", byPointer: true, storable: true},

	// Arrays of bytes: their marshalers say no more, and cost more.
	"github.com/google/uuid.UUID":      {storable: true},
	"github.com/gofrs/uuid.UUID":       {storable: true},
	"github.com/gofrs/uuid/v5.UUID":    {storable: true},
	"github.com/oklog/ulid.ULID":       {storable: true},
	"github.com/oklog/ulid/v2.ULID":    {storable: true},
	"github.com/segmentio/ksuid.KSUID": {storable: true},
}

func ruleOf(t types.Type) (rule, bool) {
	r, ok := reviewed[typeName(t)]
	return r, ok
}
