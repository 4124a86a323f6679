package dir

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"
)

// A mark can go when no item is left that it makes unusable, and no such item can come any more:
// not from the folder, and not from an execution under way. The floor takes care of both. The floor
// is a stamp in a file. The store neither takes nor keeps an item with a stamp that is not above
// the floor, other than a mark:
//
//  1. The floor is lifted. From then on no shard takes an item at or below it, since a put reads
//     the floor under the shard's lock.
//  2. Shard by shard, items at or below the floor are removed. Each process goes on where another
//     one stopped.
//  3. Marks at or below the floor concern nothing any more, and are the first to make room.
const (
	floorName = "items/~floor"
	floorLock = "items/~floorlock"
	floorSize = len(floorMagic) + 8 + 4 + 4
)

const floorMagic = "cgfloor1"

type floor struct {
	stamp int64
	// cleaned counts the shards that have nothing at or below stamp.
	cleaned int
}

// noFloor is the floor below all stamps.
var noFloor = floor{stamp: -1, cleaned: shards}

// released returns the stamp up to which marks concern nothing.
func (f floor) released() int64 {
	if f.cleaned < shards {
		return -1
	}
	return f.stamp
}

func (f floor) bytes() []byte {
	b := binary.BigEndian.AppendUint64([]byte(floorMagic), uint64(f.stamp))
	b = binary.BigEndian.AppendUint32(b, uint32(f.cleaned))
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// readFloor returns the floor of a folder. A torn file counts as none.
func readFloor(base *os.Root) (floor, error) {
	file, err := base.OpenFile(floorName, os.O_RDONLY|nonblock, 0)
	if err != nil {
		if info, statErr := base.Lstat(floorName); statErr == nil && !info.Mode().IsRegular() {
			return noFloor, nil
		}
		return noFloor, ignore(err, fs.ErrNotExist)
	}
	defer file.Close()
	b := make([]byte, floorSize)
	if _, err := io.ReadFull(file, b); err != nil {
		return noFloor, nil
	}
	sum := len(b) - 4
	if string(b[:len(floorMagic)]) != floorMagic || binary.BigEndian.Uint32(b[sum:]) != crc32.Checksum(b[:sum], castagnoli) {
		return noFloor, nil
	}
	b = b[len(floorMagic):]
	return floor{int64(binary.BigEndian.Uint64(b)), int(binary.BigEndian.Uint32(b[8:]))}, nil
}

// changeFloor replaces the floor by change(floor), under its lock, and returns the new floor.
func (s *Store) changeFloor(ctx context.Context, change func(floor) floor) (floor, error) {
	f, err := s.home.open(false)
	if err != nil {
		return noFloor, err
	}
	lock, err := openOwn(f.base, floorLock, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return noFloor, err
	}
	defer lock.Close()
	if err := waitLock(ctx, lock); err != nil {
		return noFloor, err
	}
	before, err := readFloor(f.base)
	if err != nil {
		return noFloor, err
	}
	after := change(before)
	if after == before {
		return after, nil
	}
	sync := after.cleaned == 0 || after.cleaned == shards // What goes by it must not outlast it.
	temp, err := writeTemp(f.base, sync, after.bytes())
	if err != nil {
		return noFloor, err
	}
	if err := f.base.Rename(temp, floorName); err != nil {
		_ = f.base.Remove(temp)
		return noFloor, err
	}
	return after, nil
}

// retire lifts the floor to stamp, so that marks up to it can go. If an earlier floor still has
// items below it, retire first removes those.
func (s *Store) retire(ctx context.Context, stamp int64) error {
	stamp = min(stamp, time.Now().UnixNano()) // A clock that is ahead must not keep out what the others put.
	for {
		f, err := s.changeFloor(ctx, func(f floor) floor {
			if f.cleaned < shards || f.stamp >= stamp {
				return f
			}
			return floor{stamp: stamp}
		})
		if err != nil || f.cleaned >= shards {
			return err
		}
		if err := s.cleanAll(ctx, f); err != nil {
			return err
		}
	}
}

// cleanAll removes what is below the floor from the shards that still have it.
func (s *Store) cleanAll(ctx context.Context, f floor) error {
	for n := f.cleaned; n < shards; n++ {
		if err := s.clean(ctx, n, f.stamp); err != nil {
			return err
		}
		if n == shards-1 { // Who has results in memory looks whether they are still in the store, since no mark will tell.
			if err := s.log.append(s, ""); err != nil {
				return err
			}
		}
		_, err := s.changeFloor(ctx, func(now floor) floor {
			if now.stamp == f.stamp {
				now.cleaned = max(now.cleaned, n+1)
			}
			return now
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// clean removes all items of a shard whose stamps are not above the floor, but no marks.
func (s *Store) clean(ctx context.Context, number int, stamp int64) error {
	for {
		files, err := s.below(ctx, number, stamp)
		if err != nil || len(files) == 0 {
			return err
		}
		if err := s.evict(ctx, files, nil); err != nil { // It spares what was read meanwhile: then it is looked at again.
			return err
		}
	}
}

// below returns the items of a shard, marks aside, whose stamps are not above the floor.
func (s *Store) below(ctx context.Context, number int, stamp int64) ([]file, error) {
	if err := s.err(ctx); err != nil {
		return nil, err
	}
	sh, err := s.openShard(number, false)
	if err != nil {
		return nil, ignore(err, fs.ErrNotExist)
	}
	defer sh.close()
	if err := sh.lock(ctx); err != nil { // Who has the lock may have read an earlier floor.
		return nil, err
	}
	sh.unlock()
	names, err := sh.names()
	if err != nil {
		return nil, err
	}
	var files []file
	for _, name := range names {
		if !isItem(number, name) || isMark(name) {
			continue
		}
		h, info, err := readHeader(sh.root, name)
		switch {
		case info != nil && (err != nil || h.stamp <= stamp):
			files = append(files, fileOf(number, name, info))
		case err != nil && !isGone(sh, name):
			return nil, err
		}
	}
	return files, nil
}

// isGone reports whether the name has no readable file.
func isGone(sh *shard, name string) bool {
	info, err := sh.root.Lstat(name)
	return errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular()
}

// thin removes the older half of the marks, if marks are more than their share of files. It reports
// whether anything may have changed. Marks whose stamps are ahead of the clock, as those of the last
// seconds are, can't go yet, so they don't count: with them the floor would be now, and all results
// would go for a few marks.
func (s *Store) thin(ctx context.Context, files []file) (bool, error) {
	marks := slices.Clone(files)
	marks = slices.DeleteFunc(marks, func(f file) bool { return f.used != always })
	if total(marks)*marksShare <= total(files) {
		return false, nil
	}
	stamps, err := s.stampsOf(ctx, marks)
	now := time.Now().UnixNano()
	stamps = slices.DeleteFunc(stamps, func(stamp int64) bool { return stamp > now })
	if err != nil || len(stamps) == 0 {
		return false, err
	}
	slices.Sort(stamps)
	return true, s.retire(ctx, stamps[len(stamps)/2])
}

// stampsOf returns the stamps of files.
func (s *Store) stampsOf(ctx context.Context, files []file) (stamps []int64, err error) {
	f, err := s.home.open(false)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if err := s.err(ctx); err != nil {
			return nil, err
		}
		if h, _, err := readHeader(f.items, shardName(file.shard)+"/"+file.name); err == nil {
			stamps = append(stamps, h.stamp)
		}
	}
	return stamps, nil
}
