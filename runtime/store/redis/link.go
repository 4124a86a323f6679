package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// pause is the time before a link that could not be made is tried again.
const pause = 500 * time.Millisecond

// link is a client that is made on first use, and tried again later if that fails. So a process can
// start while its Redis is away. Once made, the client reconnects by itself.
type link struct {
	option rueidis.ClientOption
	client atomic.Pointer[rueidis.Client]

	mu     sync.Mutex
	closed bool
	// attempt is the attempt under way, or the last one.
	attempt *attempt
}

type attempt struct {
	done  chan struct{} // Closed when err is there.
	err   error
	ended time.Time
}

// get returns the client, waiting for it as long as ctx allows.
func (l *link) get(ctx context.Context) (rueidis.Client, error) {
	if c := l.client.Load(); c != nil {
		return *c, nil
	}
	a, err := l.current()
	if err != nil {
		return nil, err
	}
	select {
	case <-a.done:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if a.err != nil {
		return nil, a.err
	}
	return *l.client.Load(), nil
}

// single returns the client if it is there and talks with one server at a time, or nil.
func (l *link) single() rueidis.Client {
	c := l.client.Load()
	if c == nil || (*c).Mode() == rueidis.ClientModeCluster {
		return nil
	}
	return *c
}

// current returns the attempt under way, or the last if that is not long ago, or a new one.
func (l *link) current() (*attempt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, store.ErrClosed
	}
	if l.attempt != nil && (l.attempt.ended.IsZero() || time.Since(l.attempt.ended) < pause) {
		return l.attempt, nil
	}
	l.attempt = &attempt{done: make(chan struct{})}
	go l.connect(l.attempt)
	return l.attempt, nil
}

func (l *link) connect(a *attempt) {
	client, err := newClient(l.option)
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err != nil:
		a.err = err
	case l.closed:
		client.Close()
		a.err = store.ErrClosed
	default:
		l.client.Store(&client)
	}
	a.ended = time.Now()
	close(a.done)
}

// newClient makes a client, one that leaves traces if the server can't do without (before Redis
// 7.2).
func newClient(option rueidis.ClientOption) (rueidis.Client, error) {
	client, err := rueidis.NewClient(option)
	if option.ClientNoTouch && errors.Is(err, rueidis.ErrNoCache) { // So the client calls a CLIENT command that was refused.
		option.ClientNoTouch = false
		client, err = rueidis.NewClient(option)
	}
	return client, err
}

// close ends the client. Calls that wait for it get an error.
func (l *link) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if c := l.client.Load(); c != nil {
		(*c).Close()
	}
}

// hopeless says that an error will not go away by trying again: Redis or TLS refuse us.
func hopeless(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok || errors.Is(err, rueidis.ErrNoCache) {
		return true
	}
	refusal, ok := errors.AsType[*rueidis.RedisError](err)
	if !ok {
		return false
	}
	for _, temporary := range []string{"LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY"} {
		if strings.HasPrefix(refusal.Error(), temporary) {
			return false
		}
	}
	return true
}
