package dir

import (
	"os"
	"runtime"
	"sync/atomic"
	"time"
)

// Reads go through folders of shards that stay open, because opening and closing a folder takes
// nearly as long as reading a small file in it. The store notices within a second that such a
// folder was removed or replaced, or at once if a file is missing in it.

// openShard is the folder of a shard that is kept open.
type openShard struct {
	root *os.Root
	// checked is when it was last known to be in its place, in Unix nanoseconds.
	checked atomic.Int64
}

// keepsOpen reports whether an open folder can be removed. On Windows it can't.
const keepsOpen = runtime.GOOS != "windows"

// shard returns the open folder of a shard. If it returns nil, use the shard's path.
func (f *folders) shard(n int) *openShard {
	if !keepsOpen {
		return nil
	}
	sh := f.shards[n].Load()
	if sh == nil {
		return f.open(n)
	}
	now, last := time.Now().UnixNano(), sh.checked.Load()
	if now-last >= int64(recheck) && sh.checked.CompareAndSwap(last, now) && !f.verify(n, sh) {
		return f.open(n)
	}
	return sh
}

// open opens the folder of a shard for later reads too. One that can't be opened is nil.
func (f *folders) open(n int) *openShard {
	root, err := openFolder(f.items, shardName(n))
	if err != nil {
		return nil
	}
	sh := &openShard{root: root}
	sh.checked.Store(time.Now().UnixNano())
	if !f.shards[n].CompareAndSwap(nil, sh) {
		root.Close()
		return f.shards[n].Load() // nil if that was lost meanwhile
	}
	return sh
}

// verify reports whether sh is still the folder of shard n. If it is not, verify drops sh. The
// garbage collector closes it, because calls may be using it.
func (f *folders) verify(n int, sh *openShard) bool {
	at, err := f.items.Lstat(shardName(n))
	if err == nil {
		var open os.FileInfo
		if open, err = sh.root.Stat("."); err == nil && os.SameFile(at, open) {
			return true
		}
	}
	f.shards[n].CompareAndSwap(sh, nil)
	return false
}

// close closes all that is open.
func (f *folders) close() {
	for n := range f.shards {
		if sh := f.shards[n].Swap(nil); sh != nil {
			sh.root.Close()
		}
	}
	f.cached.close()
	f.items.Close()
	f.base.Close()
}
