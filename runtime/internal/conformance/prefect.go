package conformance

import (
	"context"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

//cache:auto max-age=1h
func cachedFor(ctx context.Context, x, y int) (int, error) { return execute(ctx, "cachedFor", x, y) }

// neverUsed is the validator never_use.
//
//cache:auto max-age=0
func neverUsed(ctx context.Context, x, y int) (int, error) { return execute(ctx, "neverUsed", x, y) }

// durationOnly is the validator duration_only: one entry, whatever the inputs.
//
//cache:auto max-age=1h ignore=x,y
func durationOnly(ctx context.Context, x, y int) (int, error) {
	return execute(ctx, "durationOnly", x, y)
}

// allInputs is the validator all_inputs.
//
//cache:auto max-age=1h
func allInputs(ctx context.Context, x, y int) (int, error) { return execute(ctx, "allInputs", x, y) }

type parametersKey struct{}

// parameters are those of the flow.
//
//cache:reviewed
func parameters(ctx context.Context) map[string]string {
	p, _ := ctx.Value(parametersKey{}).(map[string]string)
	return p
}

// allParameters is the validator all_parameters: the flow's parameters count, and the inputs don't.
//
//cache:auto max-age=1h ignore=x,y vary=parameters
func allParameters(ctx context.Context, x, y int) (int, error) {
	return execute(ctx, "allParameters", x, y)
}

// partialInputs is the validator partial_inputs_only: some inputs count.
//
//cache:auto max-age=1h ignore=y
func partialInputs(ctx context.Context, x, y int) (int, error) {
	return execute(ctx, "partialInputs", x, y)
}

// region is one of the flow's parameters.
//
//cache:reviewed
func region(ctx context.Context) string { return parameters(ctx)["region"] }

// partialParameters is the validator partial_parameters_only: some of the flow's parameters count.
//
//cache:auto max-age=1h ignore=x,y vary=region
func partialParameters(ctx context.Context, x, y int) (int, error) {
	return execute(ctx, "partialParameters", x, y)
}

// weekday says that what was computed at the weekend is not to be used.
func weekday(_ context.Context, e cache.Entry, _ int) bool {
	day := e.Completed.UTC().Weekday()
	return day != time.Saturday && day != time.Sunday
}

// validated has a validator of its own.
//
//cache:auto validate=weekday
func validated(ctx context.Context, x int) (int, error) { return execute(ctx, "validated", x) }

// train and evaluate have one cache_key: they share what they compute.
//
//cache:override version=1 namespace=prefect/shared
func train(ctx context.Context, x int) (int, error) { return execute(ctx, "train", x) }

//cache:override version=1 namespace=prefect/shared
func evaluate(ctx context.Context, x int) (int, error) { return execute(ctx, "evaluate", x) }

// report is kept where it can be read.
type report struct {
	City   string
	Serial int
}

//cache:auto target="reports/{region}/{city}.json" vary=region
func reported(ctx context.Context, city string) (report, error) {
	n, err := execute(ctx, "reported", city)
	return report{city, n}, err
}

//cache:auto target="{func}/{date:2006-01-02}/{name}.txt" ignore=greeting
func texted(ctx context.Context, name, greeting string) (string, error) {
	_, err := execute(ctx, "texted", name, greeting)
	return greeting + " " + name, err
}

// order is an input that is kept when the call fails.
type order struct {
	ID    int
	Items map[string]int
}

//cache:auto keep-failed
func ship(ctx context.Context, o order) (int, error) {
	return execute(ctx, "ship", o.ID, o.Items["tea"])
}

// releaseOne and releaseTwo are two versions of one function.
//
//cache:override version=1 namespace=prefect/release keep-inputs
func releaseOne(ctx context.Context, o order) (int, error) { return execute(ctx, "one", o.ID) }

//cache:override version=2 namespace=prefect/release keep-inputs
func releaseTwo(ctx context.Context, o order) (int, error) { return execute(ctx, "two", o.ID) }

// nothingFound returns no value, which is a result too.
//
//cache:auto
func nothingFound(ctx context.Context, x int) (*int, error) {
	_, err := execute(ctx, "nothingFound", x)
	return nil, err
}
