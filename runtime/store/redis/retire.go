package redis

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// Marks have no time to live: a Redis that makes room would drop them before what they make
// unusable. Where keep= ends everything else they are removed by those who write marks, from an
// index of them by the server's time.

// longest is how long an execution may take whose result is put after a mark that it began before.
// Until then the mark is needed to tell, and for as long as such a result is kept.
const longest = 25 * time.Hour

// retireAtOnce is how many marks go at once: more than come.
const retireAtOnce = 16

// indexed notes a mark, and returns the limit of those that concern nothing any more, and some of
// them.
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

// retire notes a mark that was put, and removes some that keep= made needless. Faults leave marks
// where they are.
func (s *Store) retire(ctx context.Context, key string) {
	if s.keep <= 0 || !strings.HasPrefix(key, store.MarkPrefix) {
		return
	}
	index := s.name(indexSpace, "marks")
	age := (s.keep + s.longest).Milliseconds()
	old, err := call(ctx, s, &s.plain, func(ctx context.Context, c rueidis.Client) ([]string, error) {
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
		_, err := call(ctx, s, &s.plain, func(ctx context.Context, c rueidis.Client) (int64, error) {
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
