package dir

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strconv"
	"time"
)

// lockPatience bounds the time that a call waits for a lock. Locks are held for microseconds. A
// lock that is held longer belongs to a stopped process.
const lockPatience = 2 * time.Second

// shard is an open folder of items. All files are reached through it, so a folder that is removed
// and made again is never mixed up with this one.
type shard struct {
	number  int
	root    *os.Root
	folders *folders
	// turn has a value while a goroutine of this process has the lock, or tries to get it.
	turn chan struct{}
	// state is the open and locked state file, nil while unlocked.
	state *os.File
}

// openShard opens a shard. If it is missing it is made; without create, the error is
// [fs.ErrNotExist].
func (s *Store) openShard(number int, create bool) (*shard, error) {
	f, err := s.home.open(create)
	if err != nil {
		return nil, err
	}
	name := shardName(number)
	root, err := openFolder(f.items, name)
	if errors.Is(err, fs.ErrNotExist) && create {
		root, err = makeFolder(f.items, name)
	}
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) && create {
			s.home.lost(f)
		}
		return nil, err
	}
	return &shard{number: number, root: root, folders: f, turn: s.turns[number]}, nil
}

// openFolder opens a folder. If something else is in its place, the error is [fs.ErrNotExist].
func openFolder(root *os.Root, name string) (*os.Root, error) {
	folder, err := root.OpenRoot(name + "/.") // Without the dot, the open of a pipe waits for somebody who writes to it.
	if err != nil && isInTheWay(root, name) {
		err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return folder, err
}

// makeFolder makes a folder, unless it was made meanwhile, and opens it. It removes anything else
// in its place.
func makeFolder(root *os.Root, name string) (*os.Root, error) {
	if isInTheWay(root, name) {
		if err := root.Remove(name); err != nil {
			return nil, err
		}
	}
	if err := root.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return openFolder(root, name)
}

// isInTheWay reports whether the name has something that is no folder.
func isInTheWay(root *os.Root, name string) bool {
	info, err := root.Lstat(name)
	return err == nil && !info.IsDir()
}

// withShard calls f with an open shard of the folder that is at the path now, as [Store.openShard]
// opens it. If the folder vanishes meanwhile, it begins again.
func (s *Store) withShard(ctx context.Context, number int, create bool, f func(*shard) error) error {
	for try := 0; ; try++ {
		again, err := s.tryShard(ctx, number, create, f)
		if !again || try == 5 {
			return err
		}
	}
}

// tryShard is one try of withShard. It reports whether another try makes sense.
func (s *Store) tryShard(ctx context.Context, number int, create bool, f func(*shard) error) (again bool, err error) {
	if err := s.err(ctx); err != nil {
		return false, err
	}
	sh, err := s.openShard(number, create)
	if err != nil {
		gone := errors.Is(err, fs.ErrNotExist)
		return gone && (create || !s.home.verify(s.home.current.Load())), err
	}
	defer sh.close()
	if !s.home.verify(sh.folders) {
		return true, fs.ErrNotExist
	}
	err = f(sh)
	return errors.Is(err, fs.ErrNotExist), err
}

func (sh *shard) close() {
	sh.unlock()
	sh.root.Close()
}

// lock takes the shard's lock. Until unlock nobody else, in any process, changes items and leases
// of the shard. Within a process goroutines take the lock in turn.
func (sh *shard) lock(ctx context.Context) error {
	select {
	case sh.turn <- struct{}{}:
	default:
		select {
		case sh.turn <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lockPatience):
			return errLocked
		}
	}
	var err error
	if sh.state, err = sh.lockState(ctx); err != nil {
		<-sh.turn
	}
	return err
}

func (sh *shard) unlock() {
	if sh.state != nil {
		sh.state.Close()
		sh.state = nil
		<-sh.turn
	}
}

// lockState opens and locks the state file.
func (sh *shard) lockState(ctx context.Context) (*os.File, error) {
	for range 10 {
		f, err := openOwn(sh.root, stateName, os.O_RDWR|os.O_CREATE)
		if err != nil {
			return nil, err
		}
		if err := waitLock(ctx, f); err != nil {
			f.Close()
			return nil, err
		}
		if isAt(sh.root, f, stateName) {
			return f, nil
		}
		f.Close() // It was removed while this call waited: another one counts now.
	}
	return nil, errVanishing
}

// errLocked means that the lock could not be taken in time.
var errLocked = fmt.Errorf("store: dir: a shard has been locked by others for %v", lockPatience)

// errVanishing means that another program removes the store's own files as fast as they are made.
var errVanishing = errors.New("store: dir: files vanish as soon as they are made")

// openOwn opens one of the store's own files. It removes anything in its place that is no file.
func openOwn(root *os.Root, name string, flag int) (*os.File, error) {
	if info, err := root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		if err := root.RemoveAll(name); err != nil {
			return nil, err
		}
	}
	return root.OpenFile(name, flag|nonblock, 0o600)
}

// isAt reports whether f is the file called name.
func isAt(root *os.Root, f *os.File, name string) bool {
	at, err := root.Lstat(name)
	if err != nil {
		return false
	}
	open, err := f.Stat()
	return err == nil && os.SameFile(at, open)
}

// waitLock waits for the lock of f. It does not wait in a system call, which can't be interrupted.
func waitLock(ctx context.Context, f *os.File) error {
	if ok, err := tryLock(f); ok || err != nil {
		return err
	}
	patience := time.NewTimer(lockPatience)
	defer patience.Stop()
	for pause := 20 * time.Microsecond; ; pause = min(2*pause, 2*time.Millisecond) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-patience.C:
			return errLocked
		case <-time.After(pause):
		}
		if ok, err := tryLock(f); ok || err != nil {
			return err
		}
	}
}

// ignore returns err unless it is the other.
func ignore(err, other error) error {
	if errors.Is(err, other) {
		return nil
	}
	return err
}

// usage is the number of bytes and items in a shard, or in all shards, and how many of the bytes
// are those of marks.
type usage struct{ bytes, items, marks int64 }

// usageOf returns the usage of a file of an item.
func usageOf(name string, size int64) usage {
	u := usage{bytes: cost(size), items: 1}
	if isMark(name) {
		u.marks = u.bytes
	}
	return u
}

func (u usage) plus(v usage) usage {
	return usage{u.bytes + v.bytes, u.items + v.items, u.marks + v.marks}
}

func (u usage) minus(v usage) usage {
	return usage{u.bytes - v.bytes, u.items - v.items, u.marks - v.marks}
}

const usageSize = 24

// readUsage returns the content of a state file. A file without content means zero; a sweep counts
// anew.
func readUsage(state *os.File) usage {
	var b [usageSize]byte
	if _, err := state.ReadAt(b[:], 0); err != nil {
		return usage{}
	}
	u := usage{int64(binary.BigEndian.Uint64(b[:])), int64(binary.BigEndian.Uint64(b[8:])), int64(binary.BigEndian.Uint64(b[16:]))}
	if u.bytes%diskBlock != 0 || uint64(u.bytes) > mostUsage || uint64(u.items) > mostUsage || uint64(u.marks) > mostUsage {
		return usage{}
	}
	return u
}

// mostUsage is more than a shard can have.
const mostUsage = 1 << 50

// add changes the shard's sum. The caller has the shard's lock. If add fails, or the process ends
// before it, the sum is wrong until the next sweep, and nothing else is.
func (sh *shard) add(change usage) {
	u := readUsage(sh.state).plus(change)
	b := binary.BigEndian.AppendUint64(make([]byte, 0, usageSize), uint64(max(u.bytes, 0)))
	b = binary.BigEndian.AppendUint64(b, uint64(max(u.items, 0)))
	b = binary.BigEndian.AppendUint64(b, uint64(max(u.marks, 0)))
	_, _ = sh.state.WriteAt(b, 0)
}

// writeTemp writes a new file and returns its name. With sync the file is on the disk when it
// returns.
func writeTemp(root *os.Root, sync bool, parts ...[]byte) (name string, err error) {
	name = tempMark + strconv.FormatUint(rand.Uint64(), 36)
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	for _, p := range parts {
		if _, err = f.Write(p); err != nil {
			break
		}
	}
	if sync && err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		_ = root.Remove(name)
		return "", err
	}
	return name, nil
}

// syncFolder writes the names of a folder to the disk. Not all systems can do that.
func syncFolder(root *os.Root) {
	if d, err := root.Open("."); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
