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

func TestMarkSurvivesItsReferencesWithoutStore(t *testing.T) {
	tab := New(Config{})
	if err := tab.Set(t.Context(), 5, "x"); err != nil {
		t.Error(err)
	}
	for tab.size() > 0 {
		runtime.GC()
	}
	if tab.Allows(5, []Held{{tab.Mark("x"), Unheld}}) {
		t.Error("an execution that began before the mark is usable")
	}
}
