# What contributors run. Each rule is a script or a command that can be run without make.
.PHONY: help quick test all tour generate goldens bench fuzz

help: ## print this
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  \1\t\2/' | expand -t 12

quick: ## the quick test: without servers, without root, in less than two minutes
	.ci/quick

test: ## all tests of all modules; on Debian it installs the servers that stores are tested against
	.ci/test

all: ## everything that has to hold before a change lands: formatting, lint, generated code, tests, race detector, fuzzing
	.ci/run

tour: ## see it work: generates, runs, edits and runs again a program that measures Go's own source
	go run ./examples/census/tour

generate: ## generate all wrappers of this module anew
	go run ./cmd/cachegen ./...

goldens: ## rewrite what generated code and reports are compared with; look at the diff before you commit it
	go test ./generator/internal/emit ./generator/internal/model -update
	UPDATE_SCRIPTS=1 go test ./cmd/internal/command

bench: ## run each benchmark of the runtime once
	go test -C runtime/benchmarks -run '^$$' -bench . -benchtime 1x ./...

fuzz: ## fuzz decoders and parsers for a short time each
	.ci/fuzz
