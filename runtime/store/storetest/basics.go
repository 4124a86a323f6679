package storetest

import (
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

func testBasics(t *testing.T, m *medium) {
	s := m.user(t)

	t.Run("an absent item is not found", func(t *testing.T) {
		s.in(t).wantNone(key("absent", 0))
	})
	t.Run("what was put is got", func(t *testing.T) {
		s := s.in(t)
		s.put(key("put", 0), epoch, []byte("value"))
		s.wantItem(key("put", 0), epoch, []byte("value"))
		s.wantNone(key("put", 1))
	})
	t.Run("an empty value is a value", func(t *testing.T) {
		s := s.in(t)
		s.put(key("empty", 0), epoch, []byte{})
		s.wantItem(key("empty", 0), epoch, nil)
		s.put(key("empty", 1), epoch, nil)
		s.wantItem(key("empty", 1), epoch, nil)
	})
	t.Run("every byte survives", func(t *testing.T) {
		s := s.in(t)
		value := make([]byte, 512)
		for i := range value {
			value[i] = byte(i)
		}
		s.put(key("bytes", 0), epoch, value)
		s.wantItem(key("bytes", 0), epoch, value)
	})
	t.Run("a put replaces", func(t *testing.T) {
		s := s.in(t)
		s.put(key("replace", 0), epoch, []byte("a longer value than the second"))
		s.put(key("replace", 0), epoch+1, []byte("short"))
		s.wantItem(key("replace", 0), epoch+1, []byte("short"))
	})
	t.Run("a deleted item is not found", func(t *testing.T) {
		s := s.in(t)
		s.put(key("delete", 0), epoch, []byte("value"))
		s.put(key("delete", 1), epoch, []byte("neighbour"))
		s.delete(key("delete", 0))
		s.wantNone(key("delete", 0))
		s.wantItem(key("delete", 1), epoch, []byte("neighbour"))
		s.delete(key("delete", 0))
		s.delete(key("delete", 2))
	})
	t.Run("after a delete any stamp is new", func(t *testing.T) {
		s := s.in(t)
		s.put(key("anew", 0), epoch+1, []byte("first"))
		s.delete(key("anew", 0))
		s.put(key("anew", 0), epoch, []byte("second"))
		s.wantItem(key("anew", 0), epoch, []byte("second"))
	})
	t.Run("an item that expires later is there until then", func(t *testing.T) {
		s := s.in(t)
		item := store.Item{Value: []byte("value"), Stamp: epoch, Expires: time.Now().Add(time.Hour)}
		if ok, err := s.Put(t.Context(), key("expires", 0), item); !ok || err != nil {
			t.Fatalf("Put = %v, %v", ok, err)
		}
		s.wantItem(key("expires", 0), epoch, []byte("value"))
		got, err := s.Get(t.Context(), key("expires", 0))
		if err != nil {
			t.Fatal(err)
		}
		if d := got.Expires.Sub(item.Expires).Abs(); !got.Expires.IsZero() && d > 2*time.Second {
			t.Errorf("Get.Expires = %v, want %v or zero", got.Expires, item.Expires)
		}
	})
	t.Run("an item that expired is whole or not found", func(t *testing.T) {
		s := s.in(t)
		item := store.Item{Value: sealed(epoch, 64), Stamp: epoch, Expires: time.Now().Add(-time.Hour)}
		if _, err := s.Put(t.Context(), key("expired", 0), item); err != nil {
			t.Fatalf("Put of an item that expired an hour ago: %v", err)
		}
		if got, err := s.Get(t.Context(), key("expired", 0)); err == nil {
			if err := checkSealed(got); err != nil {
				t.Error(err)
			}
		}
		s.put(key("expired", 0), epoch+1, []byte("for good"))
		s.wantItem(key("expired", 0), epoch+1, []byte("for good"))
	})
	t.Run("users of one medium see each other", func(t *testing.T) {
		one, two := m.user(t), m.user(t)
		one.put(key("users", 0), epoch, []byte("one"))
		two.wantItem(key("users", 0), epoch, []byte("one"))
		two.put(key("users", 0), epoch+1, []byte("two"))
		one.wantItem(key("users", 0), epoch+1, []byte("two"))
		two.delete(key("users", 0))
		one.wantNone(key("users", 0))
	})
	t.Run("items stay when their writer closes", func(t *testing.T) {
		reader := m.user(t)
		writer := m.Open(t)
		user{t, writer}.put(key("stay", 0), epoch, []byte("value"))
		if err := writer.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
		reader.wantItem(key("stay", 0), epoch, []byte("value"))
	})
}
