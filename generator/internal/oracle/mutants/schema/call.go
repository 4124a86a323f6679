package schema

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
)

var functions = map[string]reflect.Value{}

// Register makes a function known, by the name that it has for whoever chooses mutants.
func Register(name string, f any) { functions[name] = reflect.ValueOf(f) }

// Inputs is how many inputs each function is called with, Steps how many steps a call may take.
const (
	Inputs = 10
	Steps  = 20_000
)

// Calling begins a line on standard error that says which function is called.
const Calling = "calling function"

// Call is a function called with one of its inputs.
type Call struct {
	Function string
	Input    int
}

// Baseline is what a process does with no mutant on.
type Baseline struct {
	// Start are the places that are passed before main begins.
	Start []int
	Calls []Called
}

// Called is a call that returns the same each time.
type Called struct {
	Call
	// Result is a digest of the results, Passed are the places that the call passes.
	Result string
	Passed []int
}

// Order is a mutant that is to be executed, and the calls that pass it.
type Order struct {
	Mutant int
	Calls  []int // in the baseline
}

// Answer says which of the calls return something else. Dirty says that they go on to, with the mutant off again: the process is of no
// more use.
type Answer struct {
	Mutant  int
	Changed []int
	Dirty   bool
}

// Main does what the first argument says: baseline prints one; mutants reads orders and prints answers; start executes the mutant that
// was on when the process started. The second argument is a file with texts to draw inputs from, the third the baseline.
func Main() {
	start := slices.Sorted(maps.Keys(passed))
	skipped := strings.Fields(os.Getenv("MUTANT_SKIP"))
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(2 << 30)
	if data, err := os.ReadFile(os.Args[2]); err == nil {
		_ = json.Unmarshal(data, &texts)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	answer := func(x any) {
		_ = json.NewEncoder(out).Encode(x)
		out.Flush()
	}
	var base Baseline
	if os.Args[1] != "baseline" {
		data, err := os.ReadFile(os.Args[3])
		if err == nil {
			err = json.Unmarshal(data, &base)
		}
		if err != nil {
			panic(err)
		}
	}
	drop()
	if os.Args[1] == "baseline" {
		answer(Baseline{start, baseline(skipped)})
		return
	}
	recording = false
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	for {
		var o Order
		if err := in.Decode(&o); err == io.EOF {
			return
		} else if err != nil {
			panic(err)
		}
		if os.Args[1] == "mutants" {
			On = o.Mutant
		}
		a := Answer{Mutant: o.Mutant}
		for _, i := range o.Calls {
			if base.Calls[i].call() != base.Calls[i].Result {
				a.Changed = append(a.Changed, i)
			}
		}
		if os.Args[1] == "mutants" {
			On = 0
			for _, i := range o.Calls {
				a.Dirty = a.Dirty || base.Calls[i].call() != base.Calls[i].Result
			}
		}
		answer(a)
	}
}

// baseline makes all calls but those of skipped functions, and again: those that don't return the same are left out.
func baseline(skipped []string) (calls []Called) {
	for i, name := range slices.Sorted(maps.Keys(functions)) {
		if slices.Contains(skipped, strconv.Itoa(i)) {
			continue
		}
		// Should it end the process, or never return, it will be known which it was.
		fmt.Fprintln(os.Stderr, Calling, i)
		for input := range Inputs {
			c := Call{name, input}
			passed = map[int]bool{}
			result := c.call()
			if result == "" {
				continue
			}
			calls = append(calls, Called{c, result, slices.Sorted(maps.Keys(passed))})
		}
	}
	recording = false
	for range 2 {
		calls = slices.DeleteFunc(calls, func(c Called) bool { return c.call() != c.Result })
	}
	return calls
}

// call calls the function and returns a digest of its results; "" if it takes too long.
func (c Call) call() (result string) {
	f := functions[c.Function]
	r := source(c)
	args := make([]reflect.Value, f.Type().NumIn())
	for i := range args {
		v := reflect.New(f.Type().In(i)).Elem()
		fill(v, r, 0)
		args[i] = v
	}
	defer func() {
		Fuel = 1 << 40
		if r := recover(); r != nil {
			if result = "panic"; r == (spent{}) {
				result = ""
			}
		}
	}()
	Fuel = Steps
	var results []reflect.Value
	if f.Type().IsVariadic() {
		results = f.CallSlice(args)
	} else {
		results = f.Call(args)
	}
	Fuel = 1 << 40
	d := dumper{budget: 2000}
	for _, v := range append(results, args...) {
		d.dump(v, 0)
		d.b.WriteByte(';')
	}
	return digest(d.b.String())
}

// dumper writes values in a form that is the same each time.
type dumper struct {
	b      strings.Builder
	budget int
}

func (d *dumper) dump(v reflect.Value, depth int) {
	if d.budget--; d.budget < 0 || depth > 12 {
		return
	}
	switch v.Kind() {
	case reflect.Invalid:
		d.b.WriteString("nil")
	case reflect.Bool:
		d.b.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		d.b.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		d.b.WriteString(strconv.FormatUint(v.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		d.b.WriteString(strconv.FormatFloat(v.Float(), 'g', -1, 64))
	case reflect.Complex64, reflect.Complex128:
		fmt.Fprint(&d.b, v.Complex())
	case reflect.String:
		d.b.WriteString(strconv.Quote(v.String()))
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		d.b.WriteString(strconv.FormatBool(v.IsNil()))
	case reflect.Interface:
		if !v.IsNil() {
			d.b.WriteString(v.Elem().Type().String())
		}
		d.dump(v.Elem(), depth+1)
	case reflect.Pointer:
		if v.IsNil() {
			d.b.WriteString("nil")
			return
		}
		d.b.WriteByte('&')
		d.dump(v.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		d.list(v, depth)
	case reflect.Map:
		d.entries(v, depth)
	case reflect.Struct:
		d.b.WriteByte('{')
		for _, field := range v.Fields() {
			d.dump(field, depth+1)
			d.b.WriteByte(',')
		}
		d.b.WriteByte('}')
	}
}

func (d *dumper) list(v reflect.Value, depth int) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		d.b.WriteString("nil")
		return
	}
	if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
		d.b.WriteString(strconv.Quote(string(v.Bytes())))
		return
	}
	d.b.WriteByte('[')
	for i := range v.Len() {
		d.dump(v.Index(i), depth+1)
		d.b.WriteByte(',')
	}
	d.b.WriteByte(']')
}

func (d *dumper) entries(v reflect.Value, depth int) {
	var all []string
	for it := v.MapRange(); it.Next(); {
		e := dumper{budget: d.budget / 2}
		e.dump(it.Key(), depth+1)
		e.b.WriteByte(':')
		e.dump(it.Value(), depth+1)
		all = append(all, e.b.String())
	}
	slices.Sort(all)
	d.b.WriteString("map" + strings.Join(all, ","))
}
