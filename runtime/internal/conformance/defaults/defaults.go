// Package defaults has a default for its cached functions, as a Flyte project has for its tasks.
//
//cache:default override version=7 max-age=1h ignore=salt
package defaults

//go:generate go run ../../../../cmd/cachegen .

// counter counts executions.
type counter struct{ n int }

func (c *counter) next() (int, error) {
	c.n++
	return c.n, nil
}

// inherits has the default's behaviour and all its options.
//
//cache:inherit ignore=c,salt
func inherits(c *counter, n, salt int) (int, error) { return c.next() }

// alters has an age of its own, and counts all inputs but the counter.
//
//cache:inherit max-age=1m ignore=c
func alters(c *counter, n, salt int) (int, error) { return c.next() }

// unlimited takes an option of the default back.
//
//cache:inherit max-age=off ignore=c
func unlimited(c *counter, n, salt int) (int, error) { return c.next() }

// computed has another behaviour: the version of the default isn't its own.
//
//cache:auto ignore=c,salt
func computed(c *counter, n, salt int) (int, error) { return c.next() }

// disabled is not cached, whatever the default says.
//
//cache:disable
func disabled(c *counter, n, salt int) (int, error) { return c.next() }
