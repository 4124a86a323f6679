package codec

import "reflect"

// meter bounds how many values are looked at when a size is estimated.
type meter struct{ left int }

const maxVisits = 4096

// visit reports whether one more value may be looked at.
func (m *meter) visit() bool {
	m.left--
	return m.left >= 0
}

// sample sums the sizes of n items, of which it measures as many as the meter lets it; the others
// count like those.
func (m *meter) sample(n int, size func(i int) int) int {
	sum := 0
	for i := range n {
		if !m.visit() {
			if i == 0 {
				return 0
			}
			return sum / i * n
		}
		sum += size(i)
	}
	return sum
}

// pairs is the estimated size of a map's table and of what its pairs refer to.
func (m *meter) pairs(t reflect.Type, v reflect.Value, key, elem *plan) int {
	k, e := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
	iter := v.MapRange()
	referred := m.sample(v.Len(), func(int) int {
		if !iter.Next() {
			return 0
		}
		k.SetIterKey(iter)
		e.SetIterValue(iter)
		return key.size(k, m) + elem.size(e, m)
	})
	const spare = 2 // swiss tables are filled to between 7/16 and 7/8, and have a control byte a slot
	return v.Len()*spare*int(t.Key().Size()+t.Elem().Size()+1) + referred
}
