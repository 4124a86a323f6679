/*
Package command is the command cachegen, which caches the results of Go functions.

A directive in a function's doc comment asks for a wrapper:

	//go:generate go tool cachegen ./...

	// Forecast asks the weather service.
	//
	//cache:auto max-age=10m ignore=log
	func Forecast(ctx context.Context, city string, days int, log *slog.Logger) (Report, error) { … }

Cachegen writes cache_gen.go next to it, with CachedForecast, which has the same signature, and ForecastCache, which controls
what it keeps. Results are reused, in memory, on disk and across machines, for as long as the code that made them still means the same.

# Usage

	cachegen [-tags list] [-werror] [packages]         generate
	cachegen init [-ci github|gitlab|none]             make a module ready: the tool, a line for go generate, a workflow for CI
	cachegen check [-tags list] [-werror] [packages]   exit 1 with a diff and the reason if generated code is not up to date
	cachegen list [-json] [packages]                   list cached functions
	cachegen why [-base REV] FUNC                      what a version is made of, or what changed it (-full, -json, -mermaid)
	cachegen diff [-base REV] [packages]               which caches a change since HEAD invalidates and why (-json, -store URL)
	cachegen accept [-base REV] FUNC                   record that a change of code makes no difference
	cachegen log FUNC                                  which versions a function had, with entries and computing time (-json, -store URL)
	cachegen env                                       which settings are in force, and where they are from (-json)
	cachegen cache ls|show|why|rm|clear|prune|stat|verify [-store URL] [flags]
	                                                   look into a store, and tidy it
	go vet -vettool=$(go tool -n cachegen) ./...       what check tells, as diagnostics of go vet: see docs/reference/vet.md
	cachegen completion bash|zsh|fish                  print a script that completes command lines in a shell
	cachegen help [topic|command]                      print this, directives, options, messages, or what a command takes

Packages are patterns as the go command takes them, or Go files, which stand for their package; "." is the default. Loading ./... once costs less than loading many packages one
by one: one //go:generate line in a module is enough.

Each message ends in where to read more, such as cachegen help E301: what it means, with an example of the mistake and of each way
out.

The exit code is 0, 1 if check found something, or 2 after an error. Diagnostics look like the compiler's. All of them are reported,
and files of packages without errors are written. Packages that no cached function reaches may be broken. Writing is atomic, and files
that are up to date are not touched.

A file that cachegen did not write is never replaced. Where another program has taken the name cache_gen.go, write
//cache:default auto file=cached in the package's doc comment, and generated code goes to cached_gen.go. A generated file that a merge
damaged is made anew. Symbolic and hard links in the place of generated files are refused, and files that are there keep their modes.

# Stores

Cachegen cache looks into the store that programs use by default, or the one of -store: ls lists entries, show prints one with its result,
stat says what there is of each function, verify finds what can't be read, or with -execute what functions would not return any more. Rm removes entries, clear makes all results of a function
unusable, prune leaves what was used last. Why tells which entries are nearest to a
call, and what they have otherwise: an input, the scope, the version, and which definition changed that since. Each has its flags, which -h prints; -n says what would be removed, -json prints for programs.
With -stale it is results of versions that the code of the packages does not have any more:

	cachegen cache rm -n -stale ./...

Stores of other schemes than dir: need the command that has the drivers of all of them:

	git clone https://github.com/cachegen/cachegen
	go -C cachegen/cmd/full install ./cachegen

# Platforms

What is generated is the same on every machine: code is analysed for linux/amd64 without cgo, with the build tags of -tags, whatever
the host. Functions in files with a build constraint go to a generated file with the same constraint. Functions in files
that this platform leaves out are not generated. Files that were generated with tags say so, and only a run with the same tags makes them anew.

# Versions

The version of a function is a hash of what it means: of its code and of all code of the module that it can reach. Comments, formatting,
names of locals and parameters, the order of declarations and the file that they are in make no difference. Modules outside
count by their version, which the program reads from its build information when it starts.

FUNC is a function's name as a whole or its end, or its wrapper's: Forecast, weather.Forecast, ./weather.Forecast, '(*Client).Get',
CachedForecast.

Cachegen why FUNC prints what a version is made of: a summary where that would fill a screen, and all of it with -full. With
-base it prints which definitions changed since a git revision, by which path the function reaches them, and how they differ. Cachegen
diff prints this for all functions that a change since HEAD, or the revision of -base,
invalidates. Revisions are read as a checkout has them, with the submodules that are checked out; what is broken at one is told.

Cachegen accept FUNC records that the code as it is gives the same results as the version generated at a revision, HEAD by default. The
record is a line in cache_accepted.txt beside the function. It holds for exactly this code: when it changes again, the version is
that of the new code. It is refused where the inputs, or the types of inputs or results, changed.

Generated code is left alone if it is up to date, so running cachegen is always right. Code that changed without running it
keeps the old version: let CI run cachegen check ./..., which names the definitions that changed since the last commit. Under go test and go run such functions warn and are not cached: what
their code was is kept in the user's cache folder.
*/
package command
