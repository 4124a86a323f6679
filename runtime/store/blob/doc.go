// Package blob keeps results in object stores: Amazon S3 and servers that speak its protocol,
// Google Cloud Storage, and Azure Blob Storage.
//
//	import _ "github.com/cachegen/cachegen/runtime/store/blob"
//
//	s3://bucket[/folder][?options]
//	gs://bucket[/folder][?options]
//	azblob://container[/folder][?options]
//
// Options of this package:
//
//	timeout=15s         bound of every operation, retries included
//	keep=DURATION       how long results are found, counted from their stamps; default: for ever
//	max-value=256MiB    greatest size of a value; a larger one is refused with [store.ErrTooLarge]
//	endpoint=URL        for gs:, another server (an emulator, a private endpoint); s3: has it from gocloud.dev
//
// All other options are those of gocloud.dev, whose drivers this package uses: region=, endpoint=,
// profile=, use_path_style=, ssetype=, kmskeyid=, … for [s3]; anonymous=, universe_domain=, … for
// [gs]; storage_account=, domain=, protocol=, localemu=, … for [azblob]. Credentials come from
// where each cloud's tools find them.
//
// # Layout
//
// Values at paths (results with a target) are ordinary objects at folder/path. Items are at
// folder/.cachegen/items/, each with a small header in front of the value. Leases are at
// folder/.cachegen/leases/. Paths below .cachegen/ are refused.
//
// # What it promises
//
// Each write is conditional on the version that was read (If-Match, generations), in a loop. So the
// greatest stamp stays, whoever writes, and however often a client tries again. The stamp is in the
// object's content, and not in its metadata, because S3's versions are digests of the content: one
// value with two stamps must have two versions. A new item takes one request, and so does a read.
//
// Leases are records under the same conditions. Package leases says how they run out. Waiters look
// at growing intervals of up to a second. On a server that ignores If-Match when deleting, a
// release that meets a takeover may free the other's lease.
//
// There is no watching, because object stores don't report changes. Nothing expires by itself. Put
// a lifecycle rule on .cachegen/items/e/ and .cachegen/items/i/, where entries are. Marks, at
// .cachegen/items/m/, must outlive the entries that they make unusable, and rules remove objects in
// no order. So give the store keep=, with the same time for all its users, and marks a rule of that
// time and two days: entries are not found any more then, whether they were removed or not.
//
// [s3]: https://pkg.go.dev/gocloud.dev/blob/s3blob#URLOpener
// [gs]: https://pkg.go.dev/gocloud.dev/blob/gcsblob#URLOpener
// [azblob]: https://pkg.go.dev/gocloud.dev/blob/azureblob#URLOpener
package blob
