// Package dir is a store in a folder, for all processes of a user on a machine (or on a file system with locks). It registers the
// scheme dir:.
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
//	items/~floor                  the stamp that items must be above, since marks made way
//	changes                       keys that changed lately, for watchers
//	targets/reports/berlin.json   values at paths, bare
//
// # Guarantees
//
// Items are written to another name and renamed. Only marks ([store.MarkPrefix]) are synchronised to the disk: after a power cut
// another file may be torn, its checksum says so, and it is not found; the last seconds' writes may be undone. A process may be
// killed at any point: its locks and leases are freed by the system, what it left half written is swept later. Reading takes no
// lock. Everything is reached through [os.Root]: a symbolic link can't lead out of the folder. Files and folders are for their
// owner only.
//
// The bound is kept in the background: now and then a process that writes adds up the shards, and if there is too much, goes
// through them in groups and removes what was used least recently in each. A put to a folder that is full makes room first. An access is noted in a file's access time, at most
// once in a sixteenth of the item's age.
package dir
