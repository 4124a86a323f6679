//go:build unix

package outages

import (
	"fmt"
	"strings"
	"time"
)

// outage is when something was broken, in Unix nanoseconds: nobody hears of what others do.
type outage struct{ from, to int64 }

// row is what a fault did to the calls.
type row struct {
	store, fault         string
	calls, failed, wrong int
	stale                int           // a second after what was forgotten
	staleForGood         int           // grace after that
	slowest              time.Duration // of all calls
	recovered            time.Duration // until a process used what another one made after the outage; below 0: never
	said                 []string      // of what is wrong
}

const (
	// promised is within what others hear of what is forgotten.
	promised = time.Second
	// patience is what a machine may need that has no processor to spare.
	patience = 2 * time.Second
)

// judge judges the records of all processes. Nothing that was removed before lost counts: the store
// lost it.
func judge(records []record, o outage, lost int64) row {
	w := row{recovered: -1}
	removals := map[int][]record{} // by input
	for _, r := range records {
		if r.Err != "" || r.From < lost {
			continue
		}
		switch r.Kind {
		case forgets:
			removals[r.Input] = append(removals[r.Input], r)
		case forgetsTag:
			for n := r.Input % tags; n < inputs; n += tags {
				removals[n] = append(removals[n], r)
			}
		}
	}
	for _, r := range records {
		if r.Kind != calls {
			continue
		}
		w.calls++
		w.slowest = max(w.slowest, time.Duration(r.To-r.From))
		switch {
		case r.Err != "":
			w.failed++
			w.say("process %d: %s", r.Process, r.Err)
			continue
		case r.Result.Input != r.Input:
			w.wrong++
			w.say("process %d asked for %d and got %d", r.Process, r.Input, r.Result.Input)
		case stale(r, removals[r.Input], o, patience):
			w.staleForGood++
			w.say("process %d got %d as process %d made it %v before", r.Process, r.Input, r.Result.By, time.Duration(r.From-r.Result.Began))
		}
		if stale(r, removals[r.Input], o, promised) {
			w.stale++
		}
		if shared := !r.Ran && r.Result.By != r.Process && r.Result.Began > o.to; shared && (w.recovered < 0 || time.Duration(r.To-o.to) < w.recovered) {
			w.recovered = time.Duration(r.To - o.to)
		}
	}
	return w
}

// stale reports whether a call returned what was removed before it, by its own process or grace
// before by another one.
func stale(call record, removals []record, o outage, grace time.Duration) bool {
	for _, r := range removals {
		if call.Result.Began >= r.From {
			continue
		}
		heard := r.To
		switch {
		case r.Process == call.Process && r.To < call.From:
			return true
		case call.From < o.from:
		case call.From < o.to:
			continue // nobody could hear
		default:
			heard = max(heard, o.to)
		}
		if heard+int64(grace) < call.From {
			return true
		}
	}
	return false
}

func (w *row) say(format string, args ...any) {
	if len(w.said) < 5 {
		w.said = append(w.said, fmt.Sprintf(format, args...))
	}
}

const header = "| store | fault | calls | failed | wrong | stale after a second | slowest call | recovered after |\n" +
	"| --- | --- | --: | --: | --: | --: | --: | --: |\n"

// String is the row of a table.
func (w row) String() string {
	cells := []string{
		w.store, w.fault, fmt.Sprint(w.calls), fmt.Sprint(w.failed), fmt.Sprint(w.wrong), fmt.Sprint(w.stale),
		w.slowest.Round(time.Millisecond).String(), w.recovered.Round(10 * time.Millisecond).String(),
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}
