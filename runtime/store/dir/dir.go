package dir

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cachegen/cachegen/internal/units"
	"github.com/cachegen/cachegen/runtime/store"
)

// DefaultMaxBytes is the default bound of a store.
const DefaultMaxBytes = 2 << 30

// largest is the size of the largest value that is ever stored or read.
const largest = 1 << 30

// Options are a store's options.
type Options struct {
	// MaxBytes bounds the room of items on disk, each rounded up to blocks of 4 KiB; 0 is
	// DefaultMaxBytes. Items may exceed it for a moment. A value must not be larger than half of
	// it, or than 1 GiB.
	MaxBytes int64

	// existing means that nothing is made. A missing folder is [store.ErrNoStore].
	existing bool
}

// Store is a user of a folder. It implements all of package store.
type Store struct {
	home     *home
	maxBytes int64
	// distant means that a system call for the folder may take for ever.
	distant bool
	// stuck has a value for each call that runs apart.
	stuck chan struct{}
	// turns has a queue for the lock of each shard.
	turns [shards]chan struct{}
	// id tells this store's changes from others'.
	id string
	// closed ends with Close.
	closed context.Context
	close  context.CancelFunc

	log changeLog

	// written are the bytes written since the bound was last looked at.
	written atomic.Int64
	// spare is the number of bytes that may be written before a put to a shard with more than its
	// share looks at the other shards again. making is held by the goroutine that makes room.
	spare  atomic.Int64
	making sync.Mutex
	// sweeping is set while a sweep of this store runs in the background.
	sweeping atomic.Bool

	mu         sync.Mutex // guards what follows
	background sync.WaitGroup
	leases     map[*lease]bool
}

var (
	_ store.Store   = (*Store)(nil)
	_ store.Lister  = (*Store)(nil)
	_ store.Leaser  = (*Store)(nil)
	_ store.Watcher = (*Store)(nil)
	_ store.Batcher = (*Store)(nil)
	_ store.Blobber = (*Store)(nil)
	_ store.Pruner  = (*Store)(nil)
	_ store.Grouper = (*Store)(nil)
	_ store.Peeker  = (*Store)(nil)
)

func init() { store.RegisterChecked("dir", open, check) }

// New returns a store in folder, and makes the folder if it is missing. A folder that can be read
// but not written is no error; calls that write fail then.
func New(folder string, o Options) (*Store, error) {
	if o.MaxBytes < 0 {
		return nil, fmt.Errorf("store: dir: max-bytes is %d", o.MaxBytes)
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("store: dir: %w", err)
	}
	h := &home{path: folder}
	if err := h.probe(!o.existing); err != nil {
		return nil, fmt.Errorf("store: dir: %w", err)
	}
	s := &Store{
		home:     h,
		distant:  isDistant(folder),
		maxBytes: cmp.Or(o.MaxBytes, DefaultMaxBytes),
		id:       fmt.Sprintf("%016x", rand.Uint64()),
		stuck:    make(chan struct{}, mostStuck),
		leases:   map[*lease]bool{},
	}
	for i := range s.turns {
		s.turns[i] = make(chan struct{}, 1)
	}
	s.written.Store(s.lookAfter()) // The first write looks.
	s.closed, s.close = context.WithCancel(context.Background())
	return s, nil
}

// DefaultFolder returns the folder of the URL dir: — $CACHEGEN_DIR, or cachegen in the user's cache
// folder.
func DefaultFolder() (string, error) {
	if folder := os.Getenv("CACHEGEN_DIR"); folder != "" {
		return folder, nil
	}
	caches, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("store: dir: %w", err)
	}
	return filepath.Join(caches, "cachegen"), nil
}

func open(ctx context.Context, u *url.URL) (store.Store, error) {
	o, err := parseOptions(u)
	if err != nil {
		return nil, err
	}
	o.existing = store.OnlyLooks(ctx)
	folder, err := folderOf(u)
	if err == nil && folder == "" {
		folder, err = DefaultFolder()
	}
	if err != nil {
		return nil, err
	}
	return newWithin(ctx, folder, o)
}

// check returns an error if a URL can't be right.
func check(u *url.URL) error {
	_, folder := folderOf(u)
	_, options := parseOptions(u)
	return errors.Join(folder, options)
}

func parseOptions(u *url.URL) (o Options, err error) {
	for name, values := range u.Query() {
		if name != "max-bytes" {
			return o, fmt.Errorf("store: dir: %w", store.UnknownOption(name, "max-bytes"))
		}
		if o.MaxBytes, err = units.Bytes(values[0]); err != nil {
			return o, fmt.Errorf("store: dir: max-bytes=%s: %w", values[0], err)
		}
	}
	return o, nil
}

// folderOf returns the folder that a URL names, "" if it names none.
func folderOf(u *url.URL) (string, error) {
	if u.Host != "" && u.Host != "localhost" || u.User != nil {
		return "", errors.New("store: dir: the URL names a host: an absolute folder has three slashes (dir:///folder), a relative one none (dir:folder)")
	}
	folder := u.Path
	if u.Opaque != "" {
		unescaped, err := url.PathUnescape(u.Opaque)
		if err != nil {
			return "", fmt.Errorf("store: dir: %w", err)
		}
		folder = unescaped
	}
	if runtime.GOOS == "windows" { // dir:///C:/folder
		folder = strings.TrimPrefix(folder, "/")
	}
	return filepath.FromSlash(folder), nil
}

// Folder returns the store's folder.
func (s *Store) Folder() string { return s.home.path }

// maxValue returns the size of the largest value that this store takes.
func (s *Store) maxValue() int64 { return min(s.maxBytes/2, largest) }

// err returns the reason why calls can't be answered, if there is one.
func (s *Store) err(ctx context.Context) error {
	if s.closed.Err() != nil {
		return store.ErrClosed
	}
	return ctx.Err()
}

// enter begins every call with a key.
func (s *Store) enter(ctx context.Context, key string) error {
	if err := s.err(ctx); err != nil {
		return err
	}
	return store.CheckKey(key)
}

// launch runs f in the background. Close ends its context and waits for it.
func (s *Store) launch(f func(ctx context.Context)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Err() == nil {
		s.background.Go(func() { f(s.closed) })
	}
}

// Close implements [store.Store]. It frees the leases of this user.
func (s *Store) Close() error {
	s.mu.Lock()
	s.close()
	for l := range s.leases {
		l.file.Close()
	}
	clear(s.leases)
	s.mu.Unlock()
	s.background.Wait()
	s.log.close()
	s.home.close()
	return nil
}
