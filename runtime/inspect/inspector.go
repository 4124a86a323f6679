package inspect

import (
	"context"
	"errors"
	"fmt"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/store"
	_ "github.com/cachegen/cachegen/runtime/store/dir" // the default store
	"github.com/cachegen/cachegen/runtime/store/layer"
)

// Inspector looks into a store. Its methods are safe for concurrent use.
type Inspector struct {
	// Progress is told now and then how many items were looked at, if it is not nil. Set it before use.
	Progress func(items int64)

	store store.Store
	list  store.Lister
	place string
}

// Open opens the store that urls name, with its layers, as [layer.Open] does; "" is the one that programs of this user use by default:
// CACHEGEN_STORE, or else the folder CACHEGEN_DIR, or else one in the user's cache folder. Drivers other than that of dir: have to be
// imported. Nothing is made: a folder that is missing is [store.ErrNoStore].
func Open(ctx context.Context, urls string) (*Inspector, error) {
	if urls == "" {
		urls = engine.SharedURL()
	}
	if urls == engine.NoStore {
		return nil, errors.New("inspect: there is no store: CACHEGEN_STORE is none")
	}
	s, err := layer.Open(store.ToLook(ctx), urls)
	if err != nil {
		return nil, err
	}
	in, err := New(s)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	in.place = layer.Place(s, urls)
	return in, nil
}

// Place says which store it is that [Open] opened: the path of a folder, or a URL without user, password and options.
func (in *Inspector) Place() string { return in.place }

// New looks into a store that is open. The error says that the store can't list what it has.
func New(s store.Store) (*Inspector, error) {
	list, ok := store.As[store.Lister](s)
	if !ok {
		return nil, errors.New("inspect: the store can't list its items")
	}
	return &Inspector{store: s, list: list}, nil
}

// Close closes the store.
func (in *Inspector) Close() error { return in.store.Close() }

func (in *Inspector) looked(items int64) {
	if in.Progress != nil {
		in.Progress(items)
	}
}

// announce has the memory of other processes drop what is not in the store any more.
func (in *Inspector) announce(ctx context.Context) error {
	table := marks.New(marks.Config{Store: in.store})
	defer table.Close()
	if err := table.Announce(ctx); err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	return nil
}
