package redis

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

func init() {
	for _, scheme := range []string{"redis", "rediss"} {
		store.RegisterChecked(scheme, func(ctx context.Context, u *url.URL) (store.Store, error) { return Open(ctx, u) }, check)
	}
}

// Store is a store in Redis. Besides [store.Store] it is a [store.Lister], [store.Leaser],
// [store.Watcher], [store.Batcher], [store.Stamper] and [store.Blobber].
type Store struct {
	settings
	// tracked is for items and leases, and receives reports of changes by others. untracked is for
	// values at paths, whose changes don't matter here. listing reads items without counting as
	// use, where the server can do that.
	tracked, untracked, listing link
	reads                       *reads // by tracked
	news                        news
	leases                      leases

	closing sync.Once
	closed  chan struct{}
}

// check returns an error if a URL can't be right.
func check(u *url.URL) error {
	_, err := parse(u)
	return err
}

// Open opens the store that u names; see the package's comment. It fails if Redis refuses the
// connection, and not if Redis is away.
func Open(ctx context.Context, u *url.URL) (*Store, error) {
	settings, err := parse(u)
	if err != nil {
		return nil, store.Redact(u, err)
	}
	s := &Store{settings: settings, reads: newReads(), news: newNews(), closed: make(chan struct{})}
	s.tracked.option = settings.client
	s.tracked.option.PipelineMultiplex = -1             // One connection: tracking is about connections.
	s.tracked.option.ClientTrackingOptions = []string{} // No OPTIN: all that is read is tracked.
	s.tracked.option.OnInvalidations = s.invalidated
	s.untracked.option = settings.client
	s.untracked.option.DisableCache = true
	s.listing.option = s.untracked.option
	s.listing.option.ClientNoTouch = true
	if _, err := call(ctx, s, &s.tracked, ping); err != nil && (hopeless(err) || ctx.Err() != nil) {
		s.Close()
		return nil, store.Redact(u, fmt.Errorf("redis: %s: %w", u.Host, err))
	}
	return s, nil
}

func ping(ctx context.Context, c rueidis.Client) (struct{}, error) {
	return struct{}{}, c.Do(ctx, c.B().Ping().Build()).Error()
}

// Prefixes of names in Redis, which keep items, leases and values at paths apart.
const (
	itemSpace  = "i:"
	indexSpace = "m:"
	leaseSpace = "l:"
	blobSpace  = "b:"
)

// name returns the name of a key of a space.
func (s *Store) name(space, key string) string { return s.prefix + space + key }

// Get returns the item under key.
func (s *Store) Get(ctx context.Context, key string) (store.Item, error) {
	if err := store.CheckKey(key); err != nil {
		return store.Item{}, err
	}
	name := s.name(itemSpace, key)
	if c := s.tracked.single(); c != nil {
		return s.getTogether(ctx, c, name)
	}
	return call(ctx, s, &s.tracked, func(ctx context.Context, c rueidis.Client) (store.Item, error) {
		return item(c.Do(ctx, c.B().Get().Key(name).Build()))
	})
}

// getTogether is Get by the client of one server, with the reads of others.
func (s *Store) getTogether(ctx context.Context, c rueidis.Client, name string) (store.Item, error) {
	if err := s.check(ctx); err != nil {
		return store.Item{}, err
	}
	answer := s.reads.do(ctx, c, s.timeout, c.B().Get().Key(name).Build())
	got, err := item(answer)
	return got, s.failure(ctx, errors.Is(err, context.DeadlineExceeded), err)
}

// PunctualGet says that Get returns when its context ends: only other goroutines wait for the
// client.
func (s *Store) PunctualGet() {}

// item reads the answer to GET. A value that is no frame counts as absent.
func item(answer rueidis.RedisResult) (store.Item, error) {
	frame, err := answer.AsBytes()
	if rueidis.IsRedisNil(err) || isWrongType(err) {
		return store.Item{}, store.ErrNotFound
	}
	if err != nil {
		return store.Item{}, err
	}
	item, ok := decode(frame)
	if !ok {
		return store.Item{}, store.ErrNotFound
	}
	return item, nil
}

func isWrongType(err error) bool {
	e, ok := rueidis.IsRedisErr(err)
	return ok && strings.HasPrefix(e.Error(), "WRONGTYPE")
}

// put writes a frame unless the key has a stamp that is less than the third argument or greater
// than the fourth. It reads the key before and after, so that the server always reports this
// connection's own write, and the next write by others.
var put = newScript(`
redis.call('EXISTS', KEYS[1])
local now = redis.pcall('GETRANGE', KEYS[1], 0, 19)
if type(now) == 'string' and #now == 20 and not string.find(now, '%D') and (now < ARGV[3] or now > ARGV[4]) then
	return 0
end
if ARGV[2] == '' then
	redis.call('SET', KEYS[1], ARGV[1])
else
	redis.call('SET', KEYS[1], ARGV[1], 'PXAT', ARGV[2])
end
redis.call('EXISTS', KEYS[1])
return 1`)

// Put writes item unless the key has one that it may not replace.
func (s *Store) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	if err := store.CheckKey(key); err != nil {
		return false, err
	}
	if int64(len(item.Value)) > s.maxValue {
		return false, s.tooLarge(item.Value)
	}
	expires := s.expiry(key, item)
	least, greatest := item.Replaceable()
	done, err := call(ctx, s, &s.tracked, func(ctx context.Context, c rueidis.Client) (bool, error) {
		frame := rueidis.BinaryString(encode(item, time.Now()))
		s.news.beginPut(key)
		done, err := put.exec(ctx, c, s.name(itemSpace, key), frame, expires, digits(least), digits(greatest)).AsBool()
		s.news.endPut(key, done, err)
		return done, err
	})
	if done {
		s.retire(ctx, key)
	}
	return done, err
}

// expiry returns the argument that tells Redis when it may drop an item; none means never.
func (s *Store) expiry(key string, item store.Item) string {
	expires := item.Expires
	if expires.IsZero() && s.keep > 0 && !strings.HasPrefix(key, store.MarkPrefix) {
		expires = time.Now().Add(s.keep)
	}
	if expires.IsZero() {
		return ""
	}
	return strconv.FormatInt(max(expires.UnixMilli(), 1), 10)
}

func (s *Store) tooLarge(value []byte) error {
	return fmt.Errorf("redis: value of %d bytes, max-value is %d: %w", len(value), s.maxValue, store.ErrTooLarge)
}

// Delete removes the item under key.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := store.CheckKey(key); err != nil {
		return err
	}
	_, err := call(ctx, s, &s.tracked, func(ctx context.Context, c rueidis.Client) (struct{}, error) {
		return struct{}{}, c.Do(ctx, c.B().Unlink().Key(s.name(itemSpace, key)).Build()).Error()
	})
	return err
}

// Close releases the leases of this store and closes the connections.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.releaseAll()
		close(s.closed)
		s.reads.close()
		for _, l := range []*link{&s.tracked, &s.untracked, &s.listing} {
			l.close()
		}
	})
	return nil
}

// check returns an error if the store is closed or ctx has ended.
func (s *Store) check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.isClosed() {
		return store.ErrClosed
	}
	return nil
}

func (s *Store) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}
