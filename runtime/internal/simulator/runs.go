package simulator

import "time"

// topic is what a process may execute several times at once.
type topic struct{ function, input int }

// run is an execution that has ended.
type run struct{ began, ended time.Time }

// runsKept is how many of the last executions are kept of each topic.
const runsKept = 16

// ran notes an execution that ends now.
func (p *process) ran(t topic, began time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := append(p.runs[t], run{began, time.Now()})
	p.runs[t] = l[max(0, len(l)-runsKept):]
}

// waited is how long a call since a moment may have waited for executions of other calls that it
// could not use: they were given up, or what they made was forgotten meanwhile. Then another one
// may have begun beside them. Used is when the execution began whose result it returns.
func (p *process) waited(t topic, call, used time.Time) (longest time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.runs[t] {
		if !r.began.Equal(used) && (used.Before(call) || r.began.Before(used)) {
			longest = max(longest, r.ended.Sub(call))
		}
	}
	return longest
}
