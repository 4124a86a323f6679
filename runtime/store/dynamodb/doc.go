// Package dynamodb keeps results in a table of Amazon DynamoDB.
//
//	import _ "github.com/cachegen/cachegen/runtime/store/dynamodb"
//
//	dynamodb://table[/prefix][?options]
//
// Stores with different prefixes share a table, and don't see each other's items. Options:
//
//	region=eu-central-1  default: as the AWS tools find it, as are credentials
//	profile=NAME         of the shared configuration files
//	endpoint=URL         another server that speaks the protocol
//	create               makes the table if there is none: on demand, with the TTL attribute
//	timeout=5s           bound of every operation, retries included
//	max-value=16MiB      greatest size of a value; a larger one is refused with [store.ErrTooLarge]
//	keep=DURATION        how long results without an expiry of their own are kept; default: for ever
//	large-age=720h       how long values over 350 KiB without an expiry of their own are kept
//
// # The table
//
// The partition key is k, a string. There is no sort key. Enable time to live on attribute x. An
// item has k (prefix, kind and key), s (stamp), v (value), z (its size), h (CRC-32C of stamp and
// value), w (when it was written, Unix milliseconds) and x.
//
// DynamoDB limits items to 400 KB. A longer value is split into parts of 350 KiB, which are written
// before the head. The head names them by a random id (c) and their number (n). Readers check the
// whole value. A crash may leave parts behind, and so may a replacement whose removal fails. Such
// parts go by their time to live, so long values always have one. Values at paths (results with a
// target) have none, so a writer that crashes may leave parts of them.
//
// # What it promises
//
// A put is one write on the condition that nothing is there which it may not replace, reads are
// strongly consistent. Leases are items written on the condition that they did not change; see
// package leases for how they run out. Those who wait look again at growing intervals, up to a
// second. With keep=, DynamoDB removes results by their time to live, and marks a day and an hour
// later. It may take two days for that, so a result that is over is not found by its stamp. All
// users of a table must agree on keep=. Nobody tells of changes, so there is no watching. Listing scans the table, and DynamoDB
// bills all of it.
package dynamodb
