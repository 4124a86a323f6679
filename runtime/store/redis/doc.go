// Package redis keeps results in Redis (6.2 or newer) or Valkey: one server, a cluster, or a
// primary that sentinels watch over.
//
//	import _ "github.com/cachegen/cachegen/runtime/store/redis"
//
//	redis://[user:password@]host[:6379][/db][?options]
//	rediss://…                                       the same over TLS
//	redis://host:7000?addr=host:7001&addr=host:7002  more nodes to ask for the cluster's layout
//	redis://host:26379?addr=host2:26379&master=name  sentinels, and the name of the primary that they watch
//
// The driver recognises a cluster by itself. Options:
//
//	addr=host:port        one more address; may be repeated
//	prefix=cachegen:      what all names in Redis begin with. A {tag} in it keeps everything in one slot of a cluster
//	timeout=2s            bound of every operation, connecting included
//	keep=2160h            how long items without an expiry of their own are kept; marks a day and an hour longer; default: for ever
//	max-value=64MiB       greatest size of a value, at most 512MiB; a larger one is refused with [store.ErrTooLarge]
//	client-name=NAME      shown by CLIENT LIST
//	master=NAME           name of the primary; addresses are then sentinels'
//	sentinel-user=, sentinel-password=
//	ca=FILE               roots to verify the server with, PEM; default: the system's
//	cert=FILE, key=FILE   certificate and key of the client, PEM
//	insecure              the server's certificate is not verified
//
// # What it promises
//
// One script on one key compares and writes stamps, so the greatest stamp wins in any layout. A
// server that fails may lose writes, a Forget among them. A failover loses some because Redis
// replicates asynchronously. A crash loses the last moments, depending on appendfsync. A lease
// excludes others only while neither happens.
//
// # Room
//
// A Redis that makes room must not drop marks (keys that begin with [store.MarkPrefix]) before the
// entries that they make unusable. Otherwise forgotten results would be back. With maxmemory, set
// maxmemory-policy to volatile-lru or volatile-lfu, and set keep=. Then items have a time to live
// and may go, and marks have none and stay. A process that writes a mark removes some old ones:
// those that are older than keep and 25 hours. Such a mark concerns only results of executions that
// took longer than that. Policies that begin with allkeys are not safe for ForgetTags. noeviction
// is safe, and makes puts fail when Redis is full.
//
// # Connections
//
// A store opens without its server. While the server is away, operations return errors at once, and
// they work when it is back. The client sends nothing twice: a read on a connection that breaks is
// an error.
//
// Reads and writes go through one connection per node with client-side tracking ([Redis'
// documentation] calls this the default mode): the server tracks the keys that this connection
// touched, and reports their changes. These reports feed [Store.Watch] and wake [Store.Await]. The
// store recognises its own puts and leaves them out. Beyond tracking-table-max-keys (a million) the
// server drops keys from its table, and reports them as changed. Listings and values at paths use
// connections of their own without tracking, which are made on first use. Since Redis 7.2, and in
// Valkey, a listing does not count as use of the items.
//
// [Redis' documentation]: https://redis.io/docs/latest/develop/reference/client-side-caching/
package redis
