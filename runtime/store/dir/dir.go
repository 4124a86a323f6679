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

// DefaultMaxBytes bounds a store unless its options say otherwise.
const DefaultMaxBytes = 2 << 30

// largest is the size of the largest value that is ever stored or read.
const largest = 1 << 30

// Options are a store's options.
type Options struct {
	// MaxBytes bounds what items take on disk, each rounded up to blocks of 4 KiB; default: DefaultMaxBytes. It may be
	// exceeded for a moment. A value must not be larger than half of it, nor than 1 GiB.
	MaxBytes int64

	// existing says that nothing is made, and that a folder that is missing is [store.ErrNoStore].
	existing bool
}

// Store is a user of a folder. It implements all of package store.
type Store struct {
	home     *home
	maxBytes int64
	// distant says that calls of the system may take for ever.
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
	// spare is how much may be written before a put to a shard with more than its share looks at the others again; making is held
	// by who makes room.
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
)

func init() { store.RegisterChecked("dir", open, check) }

// New returns a store in folder, which is made if it is missing. A folder that can't be written is an error only if it can't be
// read either: then calls that write fail.
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

// DefaultFolder returns the folder of the URL dir: — $CACHEGEN_DIR, or cachegen in the user's cache folder.
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

// check says why a URL can't be right.
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

// err returns why no call can be answered.
func (s *Store) err(ctx context.Context) error {
	if s.closed.Err() != nil {
		return store.ErrClosed
	}
	return ctx.Err()
}

// enter is what calls with a key begin with.
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
