package codec

import (
	"bytes"
	"reflect"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// readTime reads an instant, and finds its location again.
func readTime(r *reader, t *time.Time) error {
	n, err := r.expect(majorArray)
	if err != nil {
		return err
	}
	if n < 2 {
		return corrupt("%d items for a time", n)
	}
	sec, err := r.int()
	if err != nil {
		return err
	}
	nsec, err := r.uint()
	if err != nil {
		return err
	}
	if nsec >= uint64(time.Second) {
		return corrupt("%d nanoseconds", nsec)
	}
	loc, err := readLocation(r, n-2)
	if err != nil {
		return err
	}
	*t = time.Unix(sec, int64(nsec)).In(loc)
	return nil
}

// readLocation reads a location that n items tell: none for UTC, two for one with rules, four for
// one with a single zone. A name can stand for something else here than where it was written; the
// caller finds that out by writing again what it read.
func readLocation(r *reader, n uint64) (*time.Location, error) {
	if n == 0 {
		return time.UTC, nil
	}
	form := r.b
	name, err := r.string()
	if err != nil {
		return nil, err
	}
	switch n {
	case 2:
		if _, err := r.bytes(); err != nil {
			return nil, err
		}
		return load(name)
	case 4:
		fixed, err := readZone(r, name)
		if err != nil {
			return nil, err
		}
		if fixed == nil || isLocal(name, form[:len(form)-len(r.b)]) {
			return load(name)
		}
		return fixed, nil
	}
	return nil, corrupt("%d items for a location", n)
}

// readZone reads the single zone of a location, and returns FixedZone's if the location has the
// zone's name; else nil.
func readZone(r *reader, name string) (*time.Location, error) {
	abbreviation, err := r.string()
	if err != nil {
		return nil, err
	}
	offset, err := r.int()
	if err != nil {
		return nil, err
	}
	dst, err := r.bool()
	if err != nil || name != abbreviation || dst {
		return nil, err
	}
	return time.FixedZone(name, int(offset)), nil
}

// isLocal reports whether what was written is Local, which is called UTC where a system knows no
// zones and looks like FixedZone's then.
func isLocal(name string, form []byte) bool {
	return name == time.Local.String() && bytes.HasSuffix(canon.Location([]byte{}, time.Local), form)
}

// locations are those that were loaded by name: the same one each time, as reading it takes a
// while. There are about 600 in the tz database; whoever finds more names for them does not fill
// the memory.
var locations struct {
	sync.RWMutex
	byName map[string]*time.Location
}

const maxLocations = 1000

// load returns the location that name stands for here.
func load(name string) (*time.Location, error) {
	if name == time.Local.String() {
		return time.Local, nil
	}
	locations.RLock()
	loc := locations.byName[name]
	locations.RUnlock()
	if loc != nil {
		return loc, nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, corrupt("%v", err)
	}
	locations.Lock()
	defer locations.Unlock()
	if locations.byName == nil {
		locations.byName = map[string]*time.Location{}
	}
	if len(locations.byName) < maxLocations {
		locations.byName[name] = loc
	}
	return loc, nil
}

// locationPlan is the plan of *time.Location. It is the pointer's because a copy of Local is not
// Local.
func locationPlan() plan {
	return plan{
		encode: func(b []byte, v reflect.Value, _ int) ([]byte, error) {
			loc := v.Interface().(*time.Location)
			if loc == nil {
				return canon.Nil(b), nil
			}
			return canon.Location(b, loc), nil
		},
		decode: func(r *reader, v reflect.Value, _ int) error {
			if r.null() {
				return nil
			}
			form := r.b
			n, err := r.expect(majorArray)
			if err != nil {
				return err
			}
			loc, err := readLocation(r, n)
			if err != nil {
				return err
			}
			if !bytes.Equal(form[:len(form)-len(r.b)], canon.Location([]byte{}, loc)) {
				return corrupt("location %s is another here", loc)
			}
			v.Set(reflect.ValueOf(loc))
			return nil
		},
		size: nothing,
		flat: true,
	}
}
