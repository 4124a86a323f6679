// Package cache controls the caches of functions. Generated code calls package cacheimpl, which
// programs don't need. The folder is called runtime and the package cache, so imports have both:
//
//	import cache "github.com/cachegen/cachegen/runtime"
//
// # Without any set-up
//
// Memory keeps results, bounded by entries and bytes, in front of a folder below the user's cache
// folder, which all processes of the user share. A test binary has memory alone, so that the answer
// of a mock does not survive. Results are written to the store in the background, so a program
// should call this before it ends:
//
//	defer cache.Close(context.Background())
//
// No fault of a store fails a call. The cache counts faults, tells observers, and logs them with
// [log/slog], each kind at most once a minute.
//
// # What a call does
//
// A call looks for a usable result in memory, and then in the store. If it finds none, it executes
// the function in its own goroutine. Calls with the same key that come meanwhile wait for it, and
// share its outcome:
//
//   - If the execution fails, the waiters fail with the same error. If it panics, they panic with
//     the same value. If its context ends or it calls Goexit, one of the waiters executes.
//   - A waiter leaves at once when its own context ends. If the function has no error result, the
//     waiter executes instead.
//   - A wait could close a circle, because the execution calls the same wrapper, or one that waits
//     for it. Such a call executes instead of waiting.
//   - An execution that was under way when a call began satisfies every max-age.
//
// Only successes are stored: executions without an error and without a panic. A result of a
// function without an error result is not stored if the context ended during the execution. Callers
// get copies of values that could be changed, unless the function has the option share.
//
// # Controls of one function
//
// Generated code has a variable for each function, with methods that are typed by the keyed inputs:
// Lookup, Explain, Put, Forget, Key, Clear, Stats, Audit, Inputs and Warm. [Controls] describes
// them.
//
//	err := ForecastCache.Forget(ctx, ForecastArgs{City: "Berlin", Days: 3})
//
// [ForgetTags], [ForgetRun] and [AuditAll] concern all functions. [Functions] lists the functions.
//
// A removal or a replacement stays. An execution that began earlier does not overwrite it, in this
// process or another one. Other processes see it within a second.
//
// # Controls of a call tree
//
// [WithMode], [WithMaxAge], [WithScope], [WithRun], [WithCache] and [Observe] return contexts:
//
//	ctx = cache.WithMode(ctx, cache.Refresh)
//	ctx = cache.Observe(ctx, func(e cache.Event) { log.Print(e.Func, " ", e.Outcome, " ", e.Reason) })
//
// # Configuration
//
// [Configure] configures the default cache, before its first use. [New] makes other caches. The
// context of a call comes first, then the configuration in code, then the environment, then
// defaults:
//
//	CACHEGEN_MODE      use, refresh, bypass, readonly or frozen; bypass and readonly are a ceiling that code can't lift
//	CACHEGEN_AUDIT     the share of hits that is executed too and compared: 1%
//	CACHEGEN_STORE     the store's URL, as [Open] takes it; none is memory only
//	CACHEGEN_DIR       the folder of the default store
//	CACHEGEN_PROJECT   sets results apart from those of others in the same store
//	CACHEGEN_DOMAIN    does too: production, staging
//
// # Keys
//
// A key is SHA-256 over everything that identifies a result: project, domain, namespace, the
// version of the code, the modules outside that the code reaches, the build, salt, run, the results
// of policies, the shapes of inputs and results, and the inputs. Versions and sums of modules come
// from the binary's build information. Some modules have none there: modules that a directory
// replaces, modules of a workspace, builds without module information. Then the digest of the
// binary stands for them, so each new build starts afresh.
//
// The age of an entry is the larger of its ages by wall clock and by monotonic time. An entry is
// not used if it was completed more than a minute in the future.
package cache
