package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

func testSizes(t *testing.T, m *medium) {
	s, other := m.user(t), m.user(t)
	sizes := []int{16, 4000, 4096, 64<<10 - 1, 64 << 10, 400 << 10, 1 << 20, 5<<20 + 1, m.maxValue()}
	for i, size := range sizes {
		if size > m.maxValue() {
			continue
		}
		t.Run(fmt.Sprintf("%d bytes", size), func(t *testing.T) {
			s, other := s.in(t), other.in(t)
			k := key("size", i)
			s.put(k, epoch, sealed(epoch, size))
			other.wantItem(k, epoch, sealed(epoch, size))
			other.put(k, epoch+1, sealed(epoch+1, 16))
			s.wantItem(k, epoch+1, sealed(epoch+1, 16))
			s.put(k, epoch+2, sealed(epoch+2, size))
			other.wantItem(k, epoch+2, sealed(epoch+2, size))
			s.delete(k)
			other.wantNone(k)
		})
	}
	t.Run("a huge value is stored or refused", func(t *testing.T) {
		s := s.in(t)
		value := sealed(epoch, 2*m.maxValue())
		ok, err := s.Put(limited(t), key("huge", 0), store.Item{Value: value, Stamp: epoch})
		switch {
		case err == nil && ok:
			s.wantItem(key("huge", 0), epoch, value)
		case errors.Is(err, store.ErrTooLarge):
			s.wantNone(key("huge", 0))
		default:
			t.Errorf("Put of %d bytes = %v, %v, want true or an error that is ErrTooLarge", len(value), ok, err)
		}
	})
}
