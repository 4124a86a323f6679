package cacheimpl

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"

	cache "github.com/cachegen/cachegen/runtime"
)

// Verification is what "cachegen cache verify -execute" asks of a program, and where it wants to be
// told.
type Verification struct {
	// Filter says which stored inputs are meant, Funcs of which functions: names or their ends.
	// None are all.
	Filter cache.Filter
	Funcs  []string
	// Report is the file that gets a list of [Verified] as JSON.
	Report string
}

// Verified is what the verification of one function came to.
type Verified struct {
	Func string `json:"func"`
	// Executed is how many results were compared, Missing how many inputs have no usable result of
	// this code and build, Failed how many executions returned an error.
	Executed int `json:"executed"`
	Missing  int `json:"missing"`
	Failed   int `json:"failed"`
	// Different are the results that differed, the first hundred of them.
	Different []Differing `json:"different"`
	// Error says why the function was not executed, or what could not be read.
	Error string `json:"error,omitempty"`
}

// Differing is a result that differs from what the function returns now.
type Differing struct {
	Key    string `json:"key"`
	Inputs string `json:"inputs"`
	// Path says where they differ first. Was is what is kept there, Is what the function returned.
	Path string `json:"path"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

// Verify does what a verification asks and ends the process. The command puts a call of it into the
// program: before main, as the program's own main has other things to do.
func Verify(v Verification) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := v.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (v *Verification) run(ctx context.Context) error {
	list := []Verified{}
	for a := range cache.AuditAll(ctx, v.Filter, v.Funcs...) {
		f := Verified{Func: a.Func, Executed: a.Audited, Missing: a.Missing, Failed: a.Failed, Different: []Differing{}}
		for _, d := range a.Different {
			f.Different = append(f.Different, Differing{d.Key, d.Inputs, d.Path, d.Was, d.Is})
		}
		if a.Err != nil {
			f.Error = a.Err.Error()
		}
		list = append(list, f)
	}
	b, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if err := os.WriteFile(v.Report, b, 0o600); err != nil {
		return err
	}
	return cache.Close(ctx)
}
