package redis_test

import (
	"testing"

	"github.com/cachegen/cachegen/runtime/store/storetest"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// patient is for values of many megabytes on a busy machine.
const patient = "timeout=10s"

func TestStandalone(t *testing.T) {
	n := startNode(t)
	c := client(t, n.addr)
	storetest.Run(t, func(t testing.TB) storetest.Harness {
		proxy := server.StartProxy(t, n.addr)
		h, prefix := medium("redis://" + proxy.Addr + "/3?" + patient)
		h.Faults = proxy.Faults()
		damage := func(command ...string) func(t testing.TB, key string) {
			return func(t testing.TB, key string) {
				script := "redis.call('SELECT', 3); local k = '" + prefix + "i:' .. ARGV[1]; "
				do(t, c, "EVAL", script+command[0], "0", key)
			}
		}
		h.Damage = map[string]func(t testing.TB, key string){
			"truncated":     damage("redis.call('SET', k, string.sub(redis.call('GET', k), 1, 1000))"),
			"cut at header": damage("redis.call('SET', k, string.sub(redis.call('GET', k), 1, 20))"),
			"empty":         damage("redis.call('SET', k, '')"),
			"one byte":      damage("redis.call('SETRANGE', k, 1500, 'x'); redis.call('SETRANGE', k, 1501, 'y')"),
			"garbage":       damage("redis.call('SET', k, string.rep('garbage ', 300))"),
			"another type":  damage("redis.call('DEL', k); redis.call('RPUSH', k, 'a', 'b')"),
		}
		return h
	})
}

func BenchmarkStandalone(b *testing.B) {
	n := startNode(b)
	storetest.Benchmark(b, func(testing.TB) storetest.Harness {
		h, _ := medium("redis://" + n.addr)
		return h
	})
}
