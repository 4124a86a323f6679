package engine

import "github.com/cachegen/cachegen/runtime/internal/flight"

// What calls share, and what it comes to.
type (
	flights   = flight.Flights[Call, Held]
	sharedRun = flight.Flight[Call, Held]
	landed    = flight.Outcome[Held]
)

// over returns what a fill came to that a flight was for.
func (v *visit) over(h Held, made bool, err error) landed {
	o := landed{Landing: flight.Landed, Result: h, Made: made, Err: err}
	if v.ended(v.ctx, err) {
		o.Landing = flight.Orphaned
	}
	return o
}

// crashed returns what a fill came to that panicked with p, or called Goexit if p is nil.
func crashed(p any) landed {
	if p == nil {
		return landed{Landing: flight.Orphaned}
	}
	return landed{Landing: flight.Panicked, Panic: p}
}

// unshared reports whether a flight executed to a result that nobody else can have.
func unshared(o landed) bool { return o.Landing == flight.Landed && o.Result == nil && o.Err == nil }
