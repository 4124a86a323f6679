package thirdpartystore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// Scheme is the scheme of this store's URLs: cachehttp://host:port.
const Scheme = "cachehttp"

// Header fields of items. The sum goes from who put an item to who gets it, so that nobody between
// can spoil it unnoticed.
const (
	stampField    = "Cache-Stamp"
	replacesField = "Cache-Replaces" // of a put
	expiresField  = "Cache-Expires"
	sumField      = "Cache-Sum"
)

// largest is the size of the largest value that is stored, or read.
const largest = 64 << 20

// Store is a user of a server. It is a [store.Store] and a [store.Lister].
type Store struct {
	items  string // URL of the items
	client *http.Client
	closed atomic.Bool
}

var (
	_ store.Store  = (*Store)(nil)
	_ store.Lister = (*Store)(nil)
)

func init() {
	store.Register(Scheme, func(_ context.Context, u *url.URL) (store.Store, error) {
		if u.Host == "" {
			return nil, fmt.Errorf("store: the URL names no host; write %s://host:port", Scheme)
		}
		return New("http://" + u.Host), nil
	})
}

// New returns a store in the server at base. It doesn't ask the server yet: one that is down now
// may be up later.
func New(base string) *Store {
	return &Store{items: base + "/items", client: &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}}
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key string) (store.Item, error) {
	resp, err := s.do(ctx, http.MethodGet, key, nil, nil)
	if err != nil {
		return store.Item{}, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return readItem(key, resp.Header, resp.Body)
	case http.StatusNotFound:
		return store.Item{}, store.ErrNotFound
	}
	return store.Item{}, unexpected(resp)
}

// Put implements [store.Store]. The server's store compares the stamps: comparing here would be
// another step.
func (s *Store) Put(ctx context.Context, key string, item store.Item) (bool, error) {
	resp, err := s.do(ctx, http.MethodPut, key, head(key, item), bytes.NewReader(item.Value))
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusNoContent:
		return true, nil
	case http.StatusConflict:
		return false, nil
	case http.StatusRequestEntityTooLarge:
		return false, fmt.Errorf("store: %d bytes: %w", len(item.Value), store.ErrTooLarge)
	}
	return false, unexpected(resp)
}

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, key string) error {
	resp, err := s.do(ctx, http.MethodDelete, key, nil, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusNoContent {
		return unexpected(resp)
	}
	return nil
}

// List implements [store.Lister].
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		resp, err := s.send(ctx, http.MethodGet, s.items+"?prefix="+url.QueryEscape(prefix), nil, nil)
		if err != nil {
			yield(store.Info{}, err)
			return
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			yield(store.Info{}, unexpected(resp))
			return
		}
		for lines := json.NewDecoder(resp.Body); ; {
			var info store.Info
			switch err := lines.Decode(&info); {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(store.Info{}, fmt.Errorf("store: listing: %w", err))
				return
			case !yield(info, nil):
				return
			}
		}
	}
}

// Close implements [store.Store].
func (s *Store) Close() error {
	s.closed.Store(true)
	s.client.CloseIdleConnections()
	return nil
}

// do sends a request about an item.
func (s *Store) do(ctx context.Context, method, key string, head http.Header, body io.Reader) (*http.Response, error) {
	if err := store.CheckKey(key); err != nil {
		return nil, err
	}
	return s.send(ctx, method, s.items+"/"+key, head, body)
}

func (s *Store) send(ctx context.Context, method, url string, head http.Header, body io.Reader) (*http.Response, error) {
	if s.closed.Load() {
		return nil, store.ErrClosed
	}
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	if head != nil {
		req.Header = head
	}
	return s.client.Do(req)
}

func unexpected(resp *http.Response) error {
	return fmt.Errorf("store: %s %s: %s", resp.Request.Method, resp.Request.URL.Path, resp.Status)
}

// head returns the header fields of an item.
func head(key string, item store.Item) http.Header {
	h := http.Header{}
	h.Set(stampField, strconv.FormatInt(item.Stamp, 10))
	if item.Replaces != 0 {
		h.Set(replacesField, strconv.FormatInt(item.Replaces, 10))
	}
	if !item.Expires.IsZero() {
		h.Set(expiresField, item.Expires.UTC().Format(time.RFC3339Nano))
	}
	h.Set(sumField, sum(key, item))
	return h
}

// sum identifies what is stored under key.
func sum(key string, item store.Item) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %d\n", key, item.Stamp)
	h.Write(item.Value)
	return hex.EncodeToString(h.Sum(nil))
}

// readItem reads an item with its header fields. What doesn't match its sum is not found.
func readItem(key string, h http.Header, body io.Reader) (item store.Item, err error) {
	if item.Stamp, err = strconv.ParseInt(h.Get(stampField), 10, 64); err != nil {
		return store.Item{}, store.ErrNotFound
	}
	if replaces := h.Get(replacesField); replaces != "" {
		if item.Replaces, err = strconv.ParseInt(replaces, 10, 64); err != nil {
			return store.Item{}, store.ErrNotFound
		}
	}
	if expires := h.Get(expiresField); expires != "" {
		if item.Expires, err = time.Parse(time.RFC3339Nano, expires); err != nil {
			return store.Item{}, store.ErrNotFound
		}
	}
	if item.Value, err = io.ReadAll(io.LimitReader(body, largest+1)); err != nil {
		return store.Item{}, fmt.Errorf("store: %w", err)
	}
	if h.Get(sumField) != sum(key, item) {
		return store.Item{}, store.ErrNotFound
	}
	return item, nil
}
