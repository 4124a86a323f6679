// Package dir is a store in a folder, for all processes of a user on a machine (or on a file system
// with locks). It registers the scheme dir:.
//
//	dir:                          the folder cachegen in the user's cache folder, or $CACHEGEN_DIR
//	dir:///var/cache/app          that folder
//	dir:build/cache               that folder, from the working directory
//	dir:///var/cache/app?max-bytes=20GiB
//
// # Layout
//
//	README
//	items/CACHEDIR.TAG            backups leave items out
//	items/00 … items/ff           shards: an item's is the low byte of its key's CRC-32C
//	items/3f/e+pkg.f-1a2b+9c…     an item: a header with stamp and checksums, its key, its value
//	items/3f/~state               the shard's lock, and how many bytes and items it has
//	items/3f/~l…                  a lease; ~t…: a file that is being written
//	changes                       keys that changed lately, for watchers
//	targets/reports/berlin.json   values at paths, bare
//
// # Guarantees
//
// A writer writes an item under another name and renames it. Only marks ([store.MarkPrefix]) are
// synced to the disk. After a power cut another file may be torn. Its checksum shows that, so the
// item is not found. Writes of the last seconds may be undone. A process may be killed at any
// point. The system frees its locks and leases, and a sweep removes half-written files later.
// Reading takes no lock. The store reaches every file through [os.Root], or through openat2 with the
// same restrictions, so a symbolic link can't lead out of the folder. Only the owner can read files
// and folders.
//
// What the system has in memory is at hand ([store.Peeker]) on Linux, on amd64 and arm64, where the
// file system can tell: ext4, xfs and btrfs can.
//
// A sweep in the background keeps the bound. Now and then a process that writes adds up the shards.
// If they are too large, it goes through them in groups, and removes the least recently used items
// of each group. A put to a full folder makes room first. A read sets a file's access time, at most
// once in a sixteenth of the item's age.
package dir
