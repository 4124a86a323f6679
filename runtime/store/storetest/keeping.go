package storetest

import (
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// testKeeping has a store that keeps results for an hour. Older ones are not found, even if the
// server has not removed them, because it may remove the marks that make them unusable. Marks and
// younger results are found. What is not found can be replaced by whoever found nothing.
func testKeeping(t *testing.T, m *medium) {
	s, forEver := user{t, m.Keep(t, time.Hour)}, m.user(t)
	t.Cleanup(func() { s.Close() })
	old, young := time.Now().Add(-2*time.Hour).UnixNano(), time.Now().UnixNano()
	mark := store.MarkPrefix + "keeping"
	for by, u := range map[string]user{"this user": s, "one who keeps results for ever": forEver} {
		t.Run(by, func(t *testing.T) {
			u, s := u.in(t), s.in(t)
			u.put(key(by+" old", 0), old, []byte("old"))
			u.put(key(by+" young", 0), young, []byte("young"))
			u.put(mark, old, []byte("mark"))
			s.wantNone(key(by+" old", 0))
			s.wantItem(key(by+" young", 0), young, []byte("young"))
			s.wantItem(mark, old, []byte("mark"))
			checkKept(t, s, key(by+" old", 0), key(by+" young", 0), mark)
			// What is not found is in nobody's way: this would replace nothing else.
			item := store.Item{Value: []byte("anew"), Stamp: young, Replaces: 1}
			if ok, err := s.Put(t.Context(), key(by+" old", 0), item); !ok || err != nil {
				t.Errorf("Put over what is not found any more = %v, %v", ok, err)
			}
			s.wantItem(key(by+" old", 0), young, []byte("anew"))
		})
	}
}

// checkKept reads items in the other ways that the store has: old is not found, the others are.
func checkKept(t *testing.T, s user, old string, others ...string) {
	t.Helper()
	keys := append([]string{old}, others...)
	items, err := store.GetMany(t.Context(), s.Store, keys)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for k := range items {
		found[k] = true
	}
	want(t, "GetMany", found, old, others)
	if st, ok := store.As[store.Stamper](s.Store); ok {
		stamps, err := st.Stamps(t.Context(), keys)
		if err != nil {
			t.Fatal(err)
		}
		clear(found)
		for k := range stamps {
			found[k] = true
		}
		want(t, "Stamps", found, old, others)
	}
}

func want(t *testing.T, by string, found map[string]bool, old string, others []string) {
	t.Helper()
	if found[old] {
		t.Errorf("%s finds what was kept for long enough", by)
	}
	for _, k := range others {
		if !found[k] {
			t.Errorf("%s does not find %q", by, k)
		}
	}
}
