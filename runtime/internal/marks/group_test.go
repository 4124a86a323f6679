package marks_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/store"
)

// groupAll has the mark of a group take the place of each mark in the medium.
func groupAll(m *fakestore.Medium) {
	for _, key := range m.Keys() {
		if group := store.MarkGroup(key); group != "" {
			m.Group(group, func() {})
		}
	}
}

// TestGroupedMarks has a store put marks of groups in the place of those of tags. What these made unusable stays so, and what begins later is usable.
func TestGroupedMarks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		a, b := start(t, m, true, marks.Config{}), start(t, m, true, marks.Config{})
		tag := marks.Tag("", "", "x")
		before := settle(t, a, tag)
		setMarks(t, b, tag)
		between := settle(t, b, tag)
		groupAll(m)
		after := settle(t, a, tag)
		for name, p := range map[string]*process{"who had marked": b, "another": a, "a new one": start(t, m, true, marks.Config{})} {
			t.Log(name)
			check(t, p, in(p, before, tag), false)
			check(t, p, in(p, between, tag), false)
			check(t, p, in(p, after, tag), true)
		}
		groupAll(m) // nothing is left of it
		check(t, a, after, true)
		setMarks(t, b, tag)
		groupAll(m)
		check(t, start(t, m, true, marks.Config{}), nil, true)
		fresh := start(t, m, true, marks.Config{})
		check(t, fresh, in(fresh, after, tag), false)
	})
}

// TestGroupedBesideReading has the store group marks right before, or after, somebody reads them.
func TestGroupedBesideReading(t *testing.T) {
	for _, when := range []string{"before the marks are read", "after that", "after groups are read"} {
		t.Run(when, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := fakestore.New()
				a, b := start(t, m, true, marks.Config{}), start(t, m, true, marks.Config{})
				tags := []string{marks.Tag("", "", "x"), marks.Tag("", "", "y")}
				held := settle(t, a, tags...)
				setMarks(t, b, tags...)
				fresh := start(t, m, true, marks.Config{})
				first := true
				group := func(now bool) {
					if now && first {
						first = false
						groupAll(m)
					}
				}
				fresh.store.Before(func(_ context.Context, op, key string) error {
					group(when == "before the marks are read" && op == "GetMany" || when == "after that" && op == "Stamps" && strings.HasPrefix(key, store.MarkPrefix))
					return nil
				})
				fresh.store.AfterRead(func(string) { group(when == "after groups are read") })
				check(t, fresh, in(fresh, held, tags...), false)
			})
		})
	}
}

// TestGroupsApart says which marks are in a group: those of a kind in a scope, never those of another kind.
func TestGroupsApart(t *testing.T) {
	groups := func(mark func(i int) string) map[string]bool {
		found := map[string]bool{}
		m := fakestore.New()
		p := m.Open()
		table := marks.New(marks.Config{Store: p})
		defer table.Close()
		for i := range 300 {
			if err := table.Set(t.Context(), mark(i)); err != nil {
				t.Fatal(err)
			}
		}
		for _, key := range m.Keys() {
			if err := store.CheckKey(key); err != nil {
				t.Error(err)
			}
			found[store.MarkGroup(key)] = true
		}
		return found
	}
	text := func(i int) string {
		return strings.Repeat("é \"", i%5) + string(rune('a'+i%26)) + strings.Repeat("x", i)
	}
	tags := groups(func(i int) string { return marks.Tag("p", "d \"", text(i)) })
	other := groups(func(i int) string { return marks.Tag(text(i), "d", "t") })
	spaces := groups(func(i int) string { return marks.Namespace("p", "d \"", text(i)) })
	if len(tags) != 16 || len(spaces) != 16 || len(other) < 100 {
		t.Errorf("tags of one scope are in %d groups, of many in %d, namespaces in %d", len(tags), len(other), len(spaces))
	}
	for group := range spaces {
		if tags[group] || other[group] {
			t.Errorf("%s has tags and namespaces", group)
		}
	}
}
