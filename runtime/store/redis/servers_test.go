package redis_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store/storetest"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// node is a server on a free port.
type node struct {
	*server.Server
	addr string
}

func startNode(t testing.TB, args ...string) node {
	t.Helper()
	s := server.StartRedis(t, args...)
	return node{s.Server, s.Addr}
}

// client is for what tests do behind the store's back.
func client(t testing.TB, addr string) rueidis.Client {
	t.Helper()
	c, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}, ForceSingleClient: true, DisableCache: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func do(t testing.TB, c rueidis.Client, command ...string) rueidis.RedisMessage {
	t.Helper()
	m, err := c.Do(context.Background(), c.B().Arbitrary(command...).Build()).ToMessage()
	if err != nil && !rueidis.IsRedisNil(err) {
		t.Fatalf("%q: %v", command, err)
	}
	return m
}

var prefixes atomic.Int64

// medium returns a harness for a part of the servers at url that nothing else uses.
func medium(url string) (h storetest.Harness, prefix string) {
	prefix = fmt.Sprintf("medium%d:", prefixes.Add(1))
	sep := "?"
	if strings.Contains(url, "?") {
		sep = "&"
	}
	url += sep + "prefix=" + prefix
	return storetest.Harness{Open: storetest.Opener(url), URL: url}, prefix
}
