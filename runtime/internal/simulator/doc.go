// Package simulator runs many caches in one bubble of simulated time, over one simulated store, and checks what the runtime promises.
//
// Each cache stands for a process: it has a clock of its own, which may be wrong and may drift, and a link of its own to the store, which
// hangs, slows down, drops its watch, or fails for reads or for writes. Processes call three functions, forget results, tags and
// namespaces, put and refresh results, close and start again, all at random. A seed replays a schedule, as far as the order in which
// goroutines run at one moment allows.
//
// The simulator knows the real time, which no process does. It holds the processes to these rules:
//
//  1. A call returns the result of its own inputs, and no error but that of its own deadline.
//  2. A second after Forget, ForgetTags, Clear or Put returned nil, no call in any process returns a result whose execution began
//     before it was asked for. In a process whose link was down meanwhile, that second begins when the link is up again: until
//     then it could hear of nothing. What a store forgot that lost its memory binds nobody. A process
//     whose own clock is hours ahead is not held to this: its write can go over a removal that it has not seen yet, until somebody else
//     looks. What it removes counts for all others.
//  3. The process that forgot something does not see it again from the moment that Forget returned.
//  4. A call takes no more than three times what its function takes, in a process that knows how long that usually is.
//  5. Close returns when its context ends. After it, Forget and Put say that the cache is closed.
//  6. Memory keeps its bound.
//  7. When all faults have ended, results are shared between processes as before.
package simulator
