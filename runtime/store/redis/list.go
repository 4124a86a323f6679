package redis

import (
	"context"
	"hash/maphash"
	"iter"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// List yields the items whose keys begin with prefix, by SCAN on every primary. Sizes, stamps and
// times come with each page in one pipeline; the last access is known where the server's eviction
// policy is not one of LFU. Servers before Redis 7.2 take a listing for an access.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		primaries, err := s.primaries(ctx)
		if err != nil {
			yield(store.Info{}, err)
			return
		}
		seen := newSeen()
		for _, node := range primaries {
			for cursor, more := uint64(0), true; more; more = cursor != 0 {
				p, err := s.page(ctx, node, cursor, prefix)
				if err != nil {
					yield(store.Info{}, err)
					return
				}
				cursor = p.next
				for _, info := range p.infos {
					if seen.add(info.Key) && !yield(info, nil) {
						return
					}
				}
			}
		}
	}
}

// primaries returns the nodes that have items.
func (s *Store) primaries(ctx context.Context) ([]rueidis.Client, error) {
	return call(ctx, s, &s.listing, func(ctx context.Context, c rueidis.Client) ([]rueidis.Client, error) {
		var primaries []rueidis.Client
		for _, node := range c.Nodes() {
			role, err := node.Do(ctx, node.B().Role().Build()).ToArray()
			if err != nil {
				return nil, err
			}
			if name, err := role[0].ToString(); err == nil && name == "master" {
				primaries = append(primaries, node)
			}
		}
		return primaries, nil
	})
}

// page is a step of a listing, and where to go on.
type page struct {
	infos []store.Info
	next  uint64
}

func (s *Store) page(ctx context.Context, node rueidis.Client, cursor uint64, prefix string) (page, error) {
	return call(ctx, s, &s.listing, func(ctx context.Context, c rueidis.Client) (page, error) {
		space := s.name(itemSpace, "")
		scan := node.B().Scan().Cursor(cursor).Match(literal(space+prefix) + "*").Count(batch).Build()
		found, err := node.Do(ctx, scan).AsScanEntry()
		if err != nil {
			return page{}, err
		}
		var keys []string
		for _, name := range found.Elements {
			if key := strings.TrimPrefix(name, space); store.CheckKey(key) == nil {
				keys = append(keys, key)
			}
		}
		infos, err := s.describe(ctx, c, keys)
		return page{infos, found.Cursor}, err
	})
}

// describe looks at items without their values. What is gone meanwhile is left out, and what others
// put there as another type.
func (s *Store) describe(ctx context.Context, c rueidis.Client, keys []string) ([]store.Info, error) {
	const perKey = 3
	commands := make([]rueidis.Completed, 0, perKey*len(keys))
	for _, key := range keys {
		name := s.name(itemSpace, key)
		commands = append(commands,
			c.B().ObjectIdletime().Key(name).Build(), // First: the others are accesses.
			c.B().Getrange().Key(name).Start(0).End(headerSize-1).Build(),
			c.B().Strlen().Key(name).Build())
	}
	if len(commands) == 0 {
		return nil, nil
	}
	now := time.Now()
	answers := c.DoMulti(ctx, commands...)
	infos := make([]store.Info, 0, len(keys))
	for i, key := range keys {
		idle, idleErr := answers[perKey*i].AsInt64()
		header, _ := answers[perKey*i+1].AsBytes()
		size, err := answers[perKey*i+2].AsInt64()
		if isWrongType(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if size == 0 {
			continue
		}
		info := store.Info{Key: key, Size: size, Hits: -1}
		if stamp, written, ok := decodeHeader(header); ok {
			info.Size, info.Stamp, info.Modified = size-headerSize, stamp, written
		}
		if idleErr == nil {
			info.Accessed = now.Add(-time.Duration(idle) * time.Second)
		}
		infos = append(infos, info)
	}
	return infos, nil
}

// literal escapes what means something in a pattern of Redis.
func literal(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`).Replace(s)
}

// seen is a set of keys, with 128 bits for each. SCAN may return a key more than once, and there
// may be very many keys.
type seen struct {
	seeds [2]maphash.Seed
	keys  map[[2]uint64]struct{}
}

func newSeen() seen {
	return seen{[2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, map[[2]uint64]struct{}{}}
}

// add reports whether key is new.
func (s seen) add(key string) bool {
	sum := [2]uint64{maphash.String(s.seeds[0], key), maphash.String(s.seeds[1], key)}
	_, old := s.keys[sum]
	s.keys[sum] = struct{}{}
	return !old
}
