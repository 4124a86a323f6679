// Package engine is the part of the runtime that knows no user type: the memory tier, joining,
// ages, modes, stores and counters. It is compiled once, whatever the number of cached functions;
// package runtime is the thin generic layer on top of it. What the layers say to each other is
// [Call] and [Held].
//
// A [Function] has a [State] in each [Cache] and scope that it is used in. A call is a visit, which
// goes through
//
//	recall   memory
//	join     a flight, which it waits for or leads
//	found    memory once more, siblings' memory, the store; or a target's path
//	execute  the function, whose result it keeps in memory and saves in the background
//
// Only the shortest way, [Function.Hit], is none: it allocates nothing, and looks at the clock and
// the context only where it has to.
//
// # Order
//
// Within a process what is written or removed has an exact order, by stamps of its clock. Between
// processes:
//
//   - A result replaces in the store what its execution found there, and nothing else
//     (visit.replace). Its stamp is greater than that. A removal replaces whatever is there, and
//     has a greater stamp than that (package clock).
//   - While something executes or is read from a store it is noted under its hash (package flight).
//     A removal or a newer result that comes meanwhile raises a floor there, below which nothing is
//     kept, and nobody joins a flight that began before a removal.
//   - A write or a removal that has not landed in the store yet is pending, and is believed before
//     the store.
//   - Results belong to marks, of their namespace, tags and run, and say what those were when their
//     execution began. One mark makes all unusable for which it is another one now, wherever they
//     are.
//
// # Other processes
//
// A tier follows its store: what the store tells of is compared with memory in the background, and
// what is being read meanwhile is in doubt, and not kept. A result in memory is used without asking
// if the store was asked about it in the present session of its watch and its marks are known; else
// the visit asks the store whether it still has it (unsure, confirms). A session ends when anything
// may have changed, so after an outage everything is asked about again. Where the store can't say,
// results without tags and runs are used: being without its store must not make a cache useless.
//
// # Faults
//
// Nothing that goes wrong in a store, a marshaler or a hook fails a call: it is counted, told to
// observers and logged. All that a store is asked goes through ask, which returns in time whatever
// the store does. What keeps failing is left alone for a while, reads, writes and looks each for
// itself, and then tried again by one caller at a time (package breaker).
package engine
