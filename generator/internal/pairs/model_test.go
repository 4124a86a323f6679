package pairs

import (
	"errors"
	"fmt"
	"slices"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// notice is by when a process sees what another one did.
const notice = 1200 * time.Millisecond

// slack is how much longer than it should something may seem young: executions take time.
const slack = 25 * time.Millisecond

// forever is an age without limit.
const forever = time.Duration(1<<63 - 1)

// call is one call, and what it came to.
type call struct {
	*system
	step
	life    int
	at, end time.Time
	first   int // the serial number of the first execution since
	got     value
	err     error
}

// executed returns the execution of the call, nil if there was none.
func (c *call) executed() *made {
	ident := c.ident(c.step, c.N)
	for _, m := range c.made[c.first:] {
		if m.ident == ident && m.process == c.Process {
			return m
		}
	}
	return nil
}

// mode is the mode in force.
func (c *call) mode() cache.Mode { return max(c.Mode, cache.Use) }

// judge returns what is wrong with what the call came to.
func (c *call) judge() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.judgeError()
	}
	if c.got.Serial < 0 || c.got.Serial >= len(c.made) || !slices.Equal(c.got.Seen, []int{c.made[c.got.Serial].n}) {
		return errors.New("not a result of any execution")
	}
	m := c.made[c.got.Serial]
	if c.got.Serial < c.first {
		if why := c.unusable(m, c.grace()); why != "" {
			return fmt.Errorf("reused %v, which is %s", m, why)
		}
		return nil
	}
	switch {
	case m.ident != c.ident(c.step, c.N):
		return errors.New("executed for another key")
	case c.mode() == cache.Frozen && !c.unkeyed(c.step):
		return errors.New("executed while frozen")
	case m.began.Before(c.at):
		c.joined(m)
		return nil
	}
	return c.missed()
}

// joined notes that the call shared a refresh in the background: who may write makes a result kept
// that was for somebody who may not.
func (c *call) joined(m *made) {
	if c.mode() == cache.Use && !(c.has("unless") && m.kind == unwant) {
		m.kept = true
	}
}

// missed returns what is wrong with executing: there is a result that had to be found.
func (c *call) missed() error {
	if c.mode() == cache.Refresh || c.mode() == cache.Bypass {
		return nil
	}
	if m := c.certain(); m != nil {
		return fmt.Errorf("did not find %v", m)
	}
	return nil
}

func (c *call) judgeError() error {
	if errors.Is(c.err, cache.ErrFrozen) {
		if c.mode() != cache.Frozen {
			return errors.New("not frozen")
		}
		if c.has("batch") {
			return nil // another one was not there
		}
		return c.missed()
	}
	f, ok := errors.AsType[failure](c.err)
	if !ok {
		return errors.New("an error of nobody")
	}
	m := c.made[f.serial]
	if f.serial >= c.first {
		if m.ident != c.ident(c.step, c.N) { // another one of the batch
			return nil
		}
		return c.missed()
	}
	switch {
	case m.ident != c.ident(c.step, c.N):
		return errors.New("the error of another key")
	case !c.has("error-max-age") || c.mode() == cache.Refresh || c.mode() == cache.Bypass:
		return errors.New("an old error")
	case m.process != c.Process || m.life != c.life:
		return errors.New("the error of another process")
	case c.at.Sub(m.completed) > 15*time.Second+slack:
		return errors.New("the error is too old")
	}
	for _, mark := range c.marks {
		if mark.of(m) && mark.process == c.Process && mark.at.After(m.began) {
			return errors.New("the error was forgotten")
		}
	}
	return c.missed()
}

// grace is how much older than the max-age a result may be.
func (c *call) grace() time.Duration {
	if c.Age == 0 {
		return 0
	}
	grace := time.Duration(0)
	if c.has("stale-while-revalidate") {
		grace = 20 * time.Second
	}
	if m := c.executed(); c.has("stale-if-error") && (m != nil && m.failed || c.has("error-max-age")) {
		grace = 40 * time.Second
	}
	return grace
}

// limit is the age up to which a result may be used.
func (c *call) limit(m *made) time.Duration {
	limit := forever
	switch {
	case c.has("max-age=10s"):
		limit = 10 * time.Second
	case c.has("max-age=0"):
		limit = 0
	case c.has("max-age=lifetime"):
		limit = lifetime(value{Serial: slices.Index(c.made, m)})
		if c.Age >= 0 {
			limit = min(limit, c.Age)
		}
		return limit
	}
	if c.Age >= 0 && !c.has("target") {
		limit = c.Age
	}
	return limit
}

// unusable says why the call may not use m, "" if it may.
func (c *call) unusable(m *made, grace time.Duration) string {
	ident, mode := c.ident(c.step, c.N), c.mode()
	age, limit := c.at.Sub(m.completed), c.limit(m)
	here := m.process == c.Process && m.life == c.life
	switch {
	case m.ident != ident:
		return "another key's"
	case c.unkeyed(c.step):
		return "without a key"
	case !m.kept:
		return "kept out"
	case mode == cache.Refresh || mode == cache.Bypass:
		return "not to be read"
	case c.has("per=receiver") && !here:
		return "another process's"
	case c.has("validate") && m.kind == rejected:
		return "rejected"
	case mode == cache.Frozen:
	case limit == 0:
		return "never to be reused"
	case limit != forever && age > limit+grace+slack:
		return fmt.Sprintf("%v old", age)
	}
	for _, mark := range c.marks {
		if mark.of(m) && mark.at.After(m.began) && c.knows(mark.process, mark.at) {
			return "forgotten"
		}
	}
	for _, newer := range c.made {
		if newer.kept && newer.ident == ident && newer.began.After(m.began) && newer.completed.Before(c.at) && c.knows(newer.process, newer.completed) {
			return fmt.Sprintf("replaced by %v", newer)
		}
	}
	return ""
}

// knows reports whether the call's process must know what a process did then.
func (c *call) knows(process int, then time.Time) bool {
	return process == c.Process || !c.has("per=receiver") && c.at.Sub(then) >= notice
}

// certain returns the result that the call must find, if there is one.
func (c *call) certain() *made {
	if c.has("per=receiver") && c.has("memory-entries") {
		return nil // what is dropped is gone
	}
	ident := c.ident(c.step, c.N)
	for _, m := range slices.Backward(c.made[:c.first]) {
		if !m.kept || m.ident != ident {
			continue
		}
		here := m.process == c.Process && m.life == c.life
		if !here && (c.has("per=receiver") || c.at.Sub(m.completed) < notice) || !m.completed.Before(c.at) {
			return nil
		}
		if c.unusable(m, -2*slack) != "" {
			return nil
		}
		for _, mark := range c.marks {
			if mark.of(m) && !mark.at.Before(m.began) {
				return nil // who knows who knows
			}
		}
		return m
	}
	return nil
}

// judgeLookup returns what is wrong with what Lookup found.
func (y *system) judgeLookup(s step, v value, e cache.Entry, ok bool) error {
	s.Mode = cache.Use
	c := call{system: y, step: s, life: y.processes[s.Process].life, at: time.Now(), first: len(y.made), got: v}
	if !ok {
		if err := c.missed(); err != nil {
			return fmt.Errorf("looked up: %w", err)
		}
		return nil
	}
	if err := c.judge(); err != nil {
		return fmt.Errorf("looked up %+v: %w", v, err)
	}
	m := y.made[v.Serial]
	if late := e.Completed.Sub(m.completed); !y.has("target") && (late < 0 || late > 0 && !y.has("batch")) {
		return fmt.Errorf("looked up %+v: completed at %v, not %v", v, e.Completed, m.completed)
	}
	return nil
}
