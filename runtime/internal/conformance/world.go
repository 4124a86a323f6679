package conformance

import (
	"context"
	"fmt"
	"strings"
)

// request is an execution that asks what it comes to.
type request struct {
	ctx   context.Context
	what  string
	reply chan<- reply
}

// reply is what an execution comes to.
type reply struct {
	n     int
	err   error
	panic any
}

type requestsKey struct{}

// execute is the body of functions under test: it returns how many executions there were, this one included. It asks by a channel, so
// that nothing that tests do is part of any version.
//
//cache:reviewed
func execute(ctx context.Context, what string, args ...any) (int, error) {
	what = strings.TrimSuffix(fmt.Sprintln(append([]any{what}, args...)...), "\n")
	replies := make(chan reply)
	ctx.Value(requestsKey{}).(chan<- request) <- request{ctx, what, replies}
	r := <-replies
	if r.panic != nil {
		panic(r.panic)
	}
	return r.n, r.err
}
