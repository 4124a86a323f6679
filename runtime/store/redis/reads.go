package redis

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// reads sends the reads of many callers together: what is asked for while others wait for their
// answers goes out with the next pipeline. Callers wait for nothing but their answer and the end of
// their time. Only senders call the client, because it waits for a place in its pipeline, and for a
// connection, without looking at the context. A server that hangs holds up as many senders as there
// are, and what nobody waits for any more is not sent.
//
// It is for clients of one server. In a cluster a node that hangs would hold up the reads of
// others.
type reads struct {
	mu      sync.Mutex
	asked   sync.Cond // something is waiting, or the store is closed
	waiting []*read
	senders int // how many goroutines there are, and how many of them have nothing to do
	idle    int
	closed  bool

	spare sync.Pool // of reads that were answered
}

// pipeline is what senders need of a client.
type pipeline interface {
	DoMulti(ctx context.Context, multi ...rueidis.Completed) []rueidis.RedisResult
}

// senders are a compromise: few of them send larger pipelines, which takes less of everybody's
// processors. Many wait less for each other where the way to the server is long.
const senders = 8

// read is the read of one caller.
type read struct {
	command rueidis.Completed
	answer  chan rueidis.RedisResult // has room for it, so that nobody waits for who has left
	place   int                      // in what is waiting; sent: it is there no more
	limit   *time.Timer              // stopped unless somebody waits for it
}

// sent is the place of a read that a sender has.
const sent = -1

func newReads() *reads {
	r := new(reads)
	r.asked.L = &r.mu
	r.spare.New = func() any {
		one := &read{answer: make(chan rueidis.RedisResult, 1), limit: time.NewTimer(time.Hour)}
		one.limit.Stop()
		return one
	}
	return r
}

// do sends a command and returns the answer. Its error is [context.DeadlineExceeded] if there is
// none within the limit, and the context's if that ends sooner.
func (r *reads) do(ctx context.Context, client pipeline, limit time.Duration, command rueidis.Completed) rueidis.RedisResult {
	one := r.spare.Get().(*read)
	one.command = command
	if err := r.ask(client, one); err != nil {
		return rueidis.NewErrorResult(err)
	}
	if until, ok := ctx.Deadline(); !ok || time.Until(until) > limit {
		one.limit.Reset(limit)
	}
	select {
	case answer := <-one.answer:
		one.limit.Stop()
		r.spare.Put(one)
		return answer
	case <-ctx.Done():
		one.limit.Stop()
		r.leave(one)
		return rueidis.NewErrorResult(ctx.Err())
	case <-one.limit.C:
		r.leave(one)
		return rueidis.NewErrorResult(context.DeadlineExceeded)
	}
}

// ask has one sent by who has nothing to do, by a new sender, or by the first who comes back.
func (r *reads) ask(client pipeline, one *read) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return store.ErrClosed
	}
	one.place = len(r.waiting)
	r.waiting = append(r.waiting, one)
	switch {
	case r.idle > 0:
		r.idle--
		r.asked.Signal()
	case r.senders < senders:
		r.senders++
		go r.send(client)
	}
	return nil
}

// leave takes back a read that waits to be sent.
func (r *reads) leave(one *read) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if one.place == sent {
		return
	}
	last := len(r.waiting) - 1
	r.waiting[one.place] = r.waiting[last]
	r.waiting[one.place].place = one.place
	r.waiting[last] = nil
	r.waiting = r.waiting[:last]
}

// send sends what is waiting, again and again until the store is closed.
func (r *reads) send(client pipeline) {
	var taken []*read
	for {
		if taken = r.take(taken); len(taken) == 0 {
			return
		}
		for chunk := range slices.Chunk(taken, batch) {
			answer(client, chunk)
		}
		clear(taken)
	}
}

// answer sends the commands of reads in one pipeline and gives each its answer.
func answer(client pipeline, batch []*read) {
	commands := make([]rueidis.Completed, len(batch))
	for i, one := range batch {
		commands[i] = one.command
	}
	answers, err := exchange(client, commands)
	for i, one := range batch {
		if err != nil {
			one.answer <- rueidis.NewErrorResult(err)
			continue
		}
		one.answer <- answers[i]
	}
}

// exchange sends commands and returns their answers. A panic of the client is an error.
func exchange(client pipeline, commands []rueidis.Completed) (answers []rueidis.RedisResult, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the client panicked: %v", p)
		}
	}()
	return client.DoMulti(context.Background(), commands...), nil
}

// take waits for reads and returns all of them, or none when the store is closed. It may use the
// room of those that were taken before.
func (r *reads) take(before []*read) []*read {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.waiting) == 0 && !r.closed {
		r.idle++
		r.asked.Wait()
	}
	taken := r.waiting
	r.waiting = before[:0]
	for _, one := range taken {
		one.place = sent
	}
	return taken
}

// close ends the senders when they have sent what was asked for.
func (r *reads) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.asked.Broadcast()
}
