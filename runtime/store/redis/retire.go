package redis

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// Marks have no time to live, because a Redis that makes room would drop them before the entries
// that they make unusable. With keep=, processes that write marks remove old ones, from an index of
// marks by the server's time.

// longest bounds an execution that began before a mark and puts its result after it. The mark is
// needed until then, and as long as such a result is kept.
const longest = 25 * time.Hour

// retireAtOnce is the number of marks that go at once. More marks go than come.
const retireAtOnce = 16

// indexed adds a mark to the index. It returns the time before which marks concern nothing any
// more, and some of those marks.
var indexed = newScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
local marks = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]), 'LIMIT', 0, ` + strconv.Itoa(retireAtOnce) + `)
table.insert(marks, 1, string.format('%.0f', now - tonumber(ARGV[2])))
return marks`)

// retired removes a mark unless it was made again.
var retired = newScript(`
local stamp = redis.call('GETRANGE', KEYS[1], 0, 19)
if #stamp == 20 and not string.find(stamp, '%D') and stamp <= ARGV[1] then
	redis.call('UNLINK', KEYS[1])
end
return 1`)

// retire adds a new mark to the index, and removes some that keep= made needless. After a fault the
// marks stay.
func (s *Store) retire(ctx context.Context, key string) {
	if s.keep <= 0 || !strings.HasPrefix(key, store.MarkPrefix) {
		return
	}
	index := s.name(indexSpace, "marks")
	age := (s.keep + s.longest).Milliseconds()
	old, err := call(ctx, s, &s.untracked, func(ctx context.Context, c rueidis.Client) ([]string, error) {
		return indexed.exec(ctx, c, index, key, strconv.FormatInt(age, 10)).AsStrSlice()
	})
	if err != nil || len(old) < 2 {
		return
	}
	limit, err := strconv.ParseInt(old[0], 10, 64)
	if err != nil {
		return
	}
	stamp := digits(time.UnixMilli(limit + age/2 + 1).UnixNano()) // Clocks differ; that of a mark that was made again is later.
	for _, mark := range old[1:] {
		_, err := call(ctx, s, &s.untracked, func(ctx context.Context, c rueidis.Client) (int64, error) {
			if err := retired.exec(ctx, c, s.name(itemSpace, mark), stamp).Error(); err != nil {
				return 0, err
			}
			return c.Do(ctx, c.B().Zrem().Key(index).Member(mark).Build()).AsInt64()
		})
		if err != nil {
			return
		}
	}
}
