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
// A cluster is recognised by itself. Options:
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
// Stamps are compared and written by one script on one key, so the store is a last-writer-wins
// register on any layout. What a server loses is lost, a Forget too: in a failover, because Redis
// replicates asynchronously, and in a crash the last moments, depending on appendfsync. A lease
// excludes others only while neither happens.
//
// # Room
//
// A Redis that makes room must not drop marks (keys that begin with [store.MarkPrefix]) before what
// they make unusable: forgotten results would be back. With maxmemory, set maxmemory-policy to
// volatile-lru or volatile-lfu and keep= to what suits: items then have a time to live and may go,
// marks have none and stay: who writes a mark removes some that are older than keep and 25 hours,
// and concern nothing that is left but results of executions that took longer than that. Policies
// that begin with allkeys are not safe for ForgetTags; noeviction is, and makes puts fail when
// Redis is full.
//
// # Connections
//
// Opening does not need the server: a store whose server is away answers with errors at once, and
// works when it is back. Nothing is sent twice: a read that met a dying connection is an error, not
// a wait.
//
// Reads and writes go through one connection per node with client-side tracking ([Redis'
// documentation] calls this the default mode): the server remembers which keys this connection
// touched and tells when they change. That feeds [Store.Watch] and wakes [Store.Await]; the store's
// own puts are told apart and left out. Beyond tracking-table-max-keys (a million) the server
// forgets keys, and reports them as changed. Listing and values at paths use connections of their
// own, without tracking, made when they are first used. Listing is no access to Redis 7.2, Valkey
// and newer: what is least recently used stays so.
//
// [Redis' documentation]: https://redis.io/docs/latest/develop/reference/client-side-caching/
package redis
