// Package review says what of a closure a version does not vouch for: what is refused and what is warned of, with the chain of calls that
// leads there.
package review
