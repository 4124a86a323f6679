package redis

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"strings"

	"github.com/redis/rueidis"
)

// script is a script in Lua about one key.
type script struct{ text, sha string }

func newScript(text string) script {
	sum := sha1.Sum([]byte(text))
	return script{text, hex.EncodeToString(sum[:])}
}

// exec runs the script, followed by a read of the same key. The server's reports of the script's
// writes arrive before the answer to that read.
func (s script) exec(ctx context.Context, c rueidis.Client, key string, args ...string) rueidis.RedisResult {
	answer := c.DoMulti(ctx, c.B().Evalsha().Sha1(s.sha).Numkeys(1).Key(key).Arg(args...).Build(), barrier(c, key))[0]
	if e, ok := rueidis.IsRedisErr(answer.Error()); ok && strings.HasPrefix(e.Error(), "NOSCRIPT") {
		answer = c.DoMulti(ctx, c.B().Eval().Script(s.text).Numkeys(1).Key(key).Arg(args...).Build(), barrier(c, key))[0]
	}
	return answer
}

func barrier(c rueidis.Client, key string) rueidis.Completed { return c.B().Exists().Key(key).Build() }
