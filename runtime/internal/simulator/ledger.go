package simulator

import (
	"fmt"
	"sync"
	"time"
)

// result is what the functions return: what was asked for, and when the execution began, by the
// real time.
type result struct {
	Function, Input int
	Began           int64
	// Put says which call of Put made it, 0 if none did.
	Put int
}

// subject is what can be forgotten together: one result, those with a tag, or all of a function.
type subject struct {
	kind     string // "result", "tag", "function"
	function int
	input    int
}

// ledger knows from when on results of a subject are too old, and what broke a rule.
type ledger struct {
	mu      sync.Mutex
	floors  map[subject]*floors
	puts    map[int]int64 // by number, when they returned
	lost    int64         // when the store lost all that it had
	broken  []string
	checked int // results
}

// floors are the removals of one subject.
type floors struct {
	holds   int64 // of those that hold for everybody by now, the greatest floor
	pending []floor
}

// floor says that after a moment no process may return what began before asked. By is the process
// that removed it.
type floor struct {
	asked, done int64
	by          *process
}

// grace is how long others may take to hear of a removal.
const grace = time.Second

func newLedger() *ledger { return &ledger{floors: map[subject]*floors{}, puts: map[int]int64{}} }

// removed notes that p was told by the store that all results of a subject that began before asked
// are gone; nil is nobody who would know at once.
func (l *ledger) removed(p *process, s subject, asked time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if asked.UnixNano() <= l.lost {
		return
	}
	f := l.floors[s]
	if f == nil {
		f = &floors{}
		l.floors[s] = f
	}
	f.pending = append(f.pending, floor{asked.UnixNano(), time.Now().UnixNano(), p})
}

// lose notes that the store lost all that it had, what was removed too: what is being made may come
// back.
func (l *ledger) lose() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost = time.Now().UnixNano()
	clear(l.floors)
}

// limit is when the oldest result may have begun that a call returns, and what removed those
// before.
type limit struct {
	began int64
	why   string
}

// oldest returns the limit for a call of p which begins now.
func (l *ledger) oldest(p *process, function, input int) limit {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, heard := time.Now().UnixNano(), p.hearsSince()
	var least limit
	for _, s := range subjectsOf(function, input) {
		if f := l.floors[s]; f != nil {
			if x, by := f.least(p, now, heard); x > least.began {
				least = limit{x, fmt.Sprintf("%s of %s by %v, %v ago", s.kind, time.Unix(0, x).Format("05.000000"), by, time.Duration(now-x))}
			}
		}
	}
	return least
}

// least is the greatest floor that holds for p, which has heard of everything since a moment.
func (f *floors) least(p *process, now, heard int64) (least int64, by *process) {
	least = f.holds
	kept := f.pending[:0]
	for _, x := range f.pending {
		if x.by == p || max(x.done, heard)+int64(grace) < now {
			if x.asked > least {
				least, by = x.asked, x.by
			}
		}
		if x.done+int64(longest+2*grace) < now { // every link was up for a while since then
			f.holds = max(f.holds, x.asked)
			continue
		}
		kept = append(kept, x)
	}
	f.pending = kept
	return least, by
}

// subjectsOf are all by which a result can be forgotten.
func subjectsOf(function, input int) []subject {
	l := []subject{{"result", function, input}, {"function", function, 0}}
	if function == tagged {
		l = append(l, subject{"tag", function, input % tags})
	}
	return l
}

// returned checks a result that a call of p for an input returned.
func (l *ledger) returned(p *process, function, input int, r result, least limit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.checked++
	if r.Put > 0 {
		r.Began = l.took(r.Put)
	}
	switch {
	case r.Function != function || r.Input != input:
		l.breach("rule 1: process %d asked for %d(%d) and got %d(%d)", p.number, function, input, r.Function, r.Input)
	case r.Began < least.began:
		l.breach("rule 2: process %d (%v off) got a result of %d(%d) that began %v before what removed it was asked for: %s",
			p.number, p.clock.off, function, input, time.Duration(least.began-r.Began), least.why)
	}
}

// put notes that a call of Put begins, and returns its number.
func (l *ledger) put() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.puts[len(l.puts)+1] = 0
	return len(l.puts)
}

// returnedFrom notes that a call of Put returned.
func (l *ledger) returnedFrom(put int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.puts[put] = time.Now().UnixNano()
}

// took is when a call of Put took effect at the latest: what was removed while it ran may have been
// removed before.
func (l *ledger) took(put int) int64 {
	if returned := l.puts[put]; returned > 0 {
		return returned
	}
	return time.Now().UnixNano()
}

// breach notes that a rule is broken. The ledger is locked.
func (l *ledger) breach(format string, args ...any) {
	if len(l.broken) < 20 {
		l.broken = append(l.broken, time.Now().Format("15:04:05.000000 ")+fmt.Sprintf(format, args...))
	}
}

// breaks notes that a rule is broken.
func (l *ledger) breaks(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.breach(format, args...)
}
