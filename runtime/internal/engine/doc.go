// Package engine is the part of the runtime that knows no user type: the memory tier, joining, ages, modes, stores and counters. It is
// compiled once, whatever the number of cached functions; package runtime is the thin generic layer on top of it. What the layers say to
// each other is [Call] and [Held].
//
// A [Function] has a [State] in each [Cache] and scope that it is used in. A call is a visit, which goes through
//
//	recall   memory
//	join     a flight, which it waits for or leads
//	found    memory once more, siblings' memory, the store; or a target's path
//	execute  the function, whose result it keeps in memory and saves in the background
//
// Only the shortest way, [Function.Hit], is none: it allocates nothing, and looks at the clock and the context only where it has to.
//
// # Order
//
// Everything that is written or removed has a stamp: the moment when it began to be true. What is older must not replace what is newer:
//
//   - Stores and the memory tier keep the greater stamp.
//   - While something executes or is read from a store it is noted under its hash (package flight). A removal or a newer result that comes
//     meanwhile raises a floor there, below which nothing is kept, and nobody joins a flight that began before a removal.
//   - A write or a removal that has not landed in the store yet is pending, and is believed before the store.
//   - Results belong to marks, of their namespace, tags and run. One mark makes all that began before it unusable, wherever it is. An
//     execution takes its marks before it begins.
//
// # Other processes
//
// A tier follows its store: what the store tells of is compared with memory in the background, and what is being read meanwhile is in
// doubt, and not kept. A result in memory is used without asking as long as the store was followed and its marks are known; else the visit
// asks the store whether it still has it (unsure, confirms). Where the store can't say, results without tags and runs are used: being
// without its store must not make a cache useless.
//
// # Faults
//
// Nothing that goes wrong in a store, a marshaler or a hook fails a call: it is counted, told to observers and logged. A store that
// keeps failing is left alone for a while, and each of its operations has bounded time.
package engine
