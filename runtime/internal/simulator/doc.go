// Package simulator runs many caches in one bubble of simulated time, over one simulated store, and
// checks what the runtime promises.
//
// Each cache stands for a process: it has a clock of its own, which may be wrong and may drift, and
// a link of its own to the store, which hangs, slows down, drops its watch, or fails for reads or
// for writes. The store puts marks of groups in the place of others. Processes call three
// functions, forget results, tags and namespaces, put and refresh results, close and start again,
// all at random. A seed replays a simulation: no two things happen at one moment by plan, for their
// order would be chance. That holds on one processor, and without garbage collections, which have
// tables forget marks that nothing refers to.
//
// The simulator knows the real time, which no process does. It holds the processes to these rules:
//
//  1. A call returns the result of its own inputs, and no error but that of its own deadline, if
//     that ends before the function does or the call waited for executions of others that were
//     given up ("its context ends: one of them executes", docs/concepts/order.md).
//  2. A second after Forget, ForgetTags, Clear or Put returned nil, no call in any process returns
//     a result whose execution began before it was asked for, whatever clocks say. In a process
//     whose link was down meanwhile, that second begins when the link is up again: "while a process
//     can't reach the store it uses what it has in memory" (docs/design/runtime.md). What a store
//     forgot that lost its memory binds nobody.
//  3. The process that forgot something does not see it again from the moment that Forget returned.
//  4. A call waits no longer than its function takes before it executes, 5 ms at least, however the
//     store behaves: with the execution that is twice its function's time, and 2 % for the write.
//     That holds in a process that knows how long the function takes ("a second before that is
//     known", docs/design/runtime.md). Where it joined an execution that was given up, or whose
//     result was forgotten meanwhile, what it waited for that comes on top.
//  5. Close returns when its context ends. After it, Forget, Put, Clear and ForgetTags say that the
//     cache is closed.
//  6. Memory keeps its bound, and what is under way to the store has as much.
//  7. When all faults have ended, results are shared between processes as before, from the moment
//     that the call returns which made them, if nobody takes the stamps of others for damage.
//  8. A call in mode Refresh returns a result that began after it was asked for. A second later no
//     process returns what began before, if the one that asked could reach the store from a second
//     before it asked until now: what an execution made "is written in the background", a store
//     that failed is left alone "for up to 400" milliseconds (docs/design/runtime.md), and no call
//     fails for a fault of the cache.
//  9. A store that hangs is tried again by one call at a time.
//  10. A store that fails for writes only is read: no call executes that has not looked.
package simulator
