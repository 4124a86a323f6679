// Pipeline forecasts sales in four steps, and can be killed at any of them: started again, it goes
// on where it was.
//
//	go generate ./examples/pipeline
//	go run ./examples/pipeline -run monday -pause 5s     # ^C, or kill -9, in the middle
//	go run ./examples/pipeline -run monday               # finished steps are not repeated
//	go run ./examples/pipeline -run tuesday              # another run begins anew
//
// Each step is a function with per=run: its results belong to the run that the context names, and
// nothing else has to be kept, or read back, or versioned. Edit a step and run go generate, and the
// next start of the same run repeats that step and, if its result is another one, those after it.
package main

//go:generate go run ../../cmd/cachegen .
