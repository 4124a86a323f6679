// Package guard calls code of others whose panics must not end the process: drivers of stores, marshalers,
// hooks, observers.
package guard

import "fmt"

// Call calls f and returns its error. A panic in it is an error that says whose code panicked.
func Call(whose string, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = Panicked(whose, p)
		}
	}()
	return f()
}

// Run is Call for what returns nothing.
func Run(whose string, f func()) error {
	return Call(whose, func() error { f(); return nil })
}

// Panicked returns the error that a panic of somebody else's code is.
func Panicked(whose string, p any) error { return fmt.Errorf("cache: %s panicked: %v", whose, p) }
