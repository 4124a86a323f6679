package marks

import (
	"runtime"
	"testing"
)

func (t *Table) size() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.marks)
}

func TestMarksThatNothingRefersToAreDropped(t *testing.T) {
	tab := New(Config{})
	kept := tab.Mark("kept")
	for _, name := range []string{"a", "b", "c"} {
		tab.Mark(name)
	}
	for tab.size() > 1 { // or the test times out
		runtime.GC()
	}
	if tab.Mark("kept") != kept {
		t.Error("a mark that is referred to was dropped")
	}
}

// An execution holds what it belongs to: nothing else has to remember a mark.
func TestHeldMarkSeesWhatIsMarked(t *testing.T) {
	tab := New(Config{})
	held := tab.Mark("x").Hold()
	for range 3 {
		runtime.GC()
	}
	if err := tab.Set(t.Context(), "x"); err != nil {
		t.Error(err)
	}
	if tab.Allows([]Held{held}) {
		t.Error("an execution that began before the mark is usable")
	}
}
