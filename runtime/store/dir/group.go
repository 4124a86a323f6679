package dir

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/groups"
)

// Marks of ever more tags must not push out all results. When marks have more than their share of
// the bound, the mark of a group takes the place of the group's marks ([store.Grouper]). All of a
// group are in one shard.

const (
	// marksShare is the part of the bound that marks may have.
	marksShare = 4
	// marksRoom is the room that is made for further marks, as a part of that share.
	marksRoom = 8
)

// Grouped implements [store.Grouper].
func (s *Store) Grouped(ctx context.Context, groups []string) (map[string]int64, error) {
	return s.Stamps(ctx, groups)
}

// groupMarks makes room where marks have more than their share of the bound. It begins with the
// shards that have most of them, and returns how many bytes it freed.
func (s *Store) groupMarks(ctx context.Context) (freed int64, err error) {
	usages, share := s.usages(ctx), s.maxBytes/marksShare
	excess := sumOf(usages).marks - share
	if excess <= 0 {
		return 0, nil
	}
	return s.groupUntil(ctx, usages, excess+share/marksRoom, nil)
}

// groupUntil replaces the largest group of each shard, those with most marks first, until it has
// freed so many bytes or nothing is left to replace. It calls removed, if not nil, for each mark
// that it removed.
func (s *Store) groupUntil(ctx context.Context, usages []usage, bytes int64, removed func(store.Info)) (freed int64, err error) {
	numbers := slices.Collect(everyShard)
	slices.SortFunc(numbers, func(a, b int) int { return cmp.Compare(usages[b].marks, usages[a].marks) })
	for before := int64(-1); freed < bytes && before < freed; {
		before = freed
		for _, n := range numbers {
			if freed >= bytes {
				break
			}
			more, err := s.groupLargest(ctx, n, removed)
			if freed += more; err != nil {
				return freed, err
			}
		}
	}
	return freed, nil
}

// mark is the file of a mark, as it was found.
type mark struct {
	key, name string
	header    header
	info      fs.FileInfo
}

// groupLargest puts the mark of a group in the place of a shard's group with most marks, and
// returns how many bytes it freed.
func (s *Store) groupLargest(ctx context.Context, number int, removed func(store.Info)) (freed int64, err error) {
	if err := s.err(ctx); err != nil {
		return 0, err
	}
	sh, err := s.openShard(number, false)
	if err != nil {
		return 0, ignore(err, fs.ErrNotExist)
	}
	defer sh.close()
	group, marks, err := sh.largestGroup()
	if err != nil || group == "" {
		return 0, err
	}
	taken, err := sh.mark(ctx, group)
	if err != nil {
		return 0, err
	}
	freed = -taken
	if err := s.log.appendFor(s, others, group); err != nil {
		return 0, err
	}
	for some := range slices.Chunk(marks, removeAtOnce) {
		n, err := sh.removeMarks(ctx, some, removed)
		if freed += n; err != nil {
			return freed, err
		}
	}
	return freed, s.log.appendFor(s, others, group) // for those who read a mark meanwhile
}

// largestGroup returns the group with most marks in the shard, and these; no group if none would
// take less room than it does.
func (sh *shard) largestGroup() (group string, marks []mark, err error) {
	names, err := sh.names()
	if err != nil {
		return "", nil, err
	}
	var keys []string
	for _, name := range names {
		if key, ok := keyOf(name); ok && isMark(name) {
			keys = append(keys, key)
		}
	}
	group, members := groups.Largest(slices.Values(keys))
	for _, key := range members {
		name := nameOf(key)
		if h, info, err := readHeader(sh.root, name); info != nil && (err == nil || errors.Is(err, store.ErrCorrupt)) {
			marks = append(marks, mark{key, name, h, info})
		}
	}
	return group, marks, nil
}

// mark puts an item under a group's key, with another stamp than it ever had, and returns how many
// bytes that takes.
func (sh *shard) mark(ctx context.Context, group string) (taken int64, err error) {
	if err := sh.lock(ctx); err != nil {
		return 0, err
	}
	defer sh.unlock()
	name := nameOf(group)
	old, stamp, err := sh.peek(name)
	if err != nil {
		return 0, err
	}
	item := store.Item{Stamp: max(time.Now().UnixNano(), stamp+1)}
	temp, err := writeTemp(sh.root, true, appendHead(nil, group, item)) // It must outlast the marks in whose place it is.
	if err != nil {
		return 0, err
	}
	if err := sh.root.Rename(temp, name); err != nil {
		_ = sh.root.Remove(temp)
		return 0, err
	}
	more := usageOf(name, headerSize+int64(len(group))).minus(old)
	sh.add(more)
	syncFolder(sh.root)
	return more.bytes, nil
}

// removeMarks removes those of the marks that nobody replaced meanwhile, and returns how many bytes
// they had.
func (sh *shard) removeMarks(ctx context.Context, marks []mark, removed func(store.Info)) (freed int64, err error) {
	if err := sh.lock(ctx); err != nil {
		return 0, err
	}
	defer sh.unlock()
	for _, m := range marks {
		h, info, err := readHeader(sh.root, m.name)
		if info == nil || h != m.header || !errors.Is(err, store.ErrCorrupt) && err != nil {
			continue
		}
		if err := sh.root.Remove(m.name); err != nil {
			return freed, err
		}
		gone := usageOf(m.name, info.Size())
		sh.add(usage{}.minus(gone))
		freed += gone.bytes
		if removed != nil {
			removed(store.Info{
				Key: m.key, Size: valueSize(info.Size(), len(m.key)), Stamp: h.stamp, Modified: info.ModTime(), Accessed: accessed(info), Hits: -1,
			})
		}
	}
	return freed, nil
}
