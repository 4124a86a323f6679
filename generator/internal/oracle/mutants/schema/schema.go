// Package schema is put into a module whose mutants are executed. The module's code calls it wherever it can be mutated, with the
// number of the place's first mutant: one binary has all mutants, and which of them is on is chosen when it starts, or later.
package schema

import (
	"cmp"
	"os"
	"strconv"
)

// On is the mutant that is on; 0 for none.
var On, _ = strconv.Atoi(os.Getenv("MUTANT"))

// recording says that places that are passed are to be noted, in passed.
var (
	recording = os.Getenv("MUTANT_RECORD") != ""
	passed    = map[int]bool{}
)

// Fuel is how many steps code may take until it is given up.
var Fuel = 1 << 40

type spent struct{}

// Step is at the beginning of each function and loop: mutants may not end.
func Step() {
	if Fuel--; Fuel < 0 {
		panic(spent{})
	}
}

// which returns which of a place's n mutants is on, from 1; 0 for none.
func which(id, n int) int {
	if recording {
		passed[id] = true
	}
	if i := On - id; i >= 0 && i < n {
		return i + 1
	}
	return 0
}

// Conditions is how many mutants Condition has, and so on.
const (
	Conditions  = 3
	Numbers     = 3
	Texts       = 2
	Arithmetics = 4
	Bitses      = 3
	Joins       = 3
	Compares    = 5
	Keeps       = 1
	Nones       = 1
)

// Condition is x, its contrary, true or false.
func Condition(x bool, id int) bool {
	switch which(id, Conditions) {
	case 1:
		return !x
	case 2:
		return true
	case 3:
		return false
	}
	return x
}

// Integer is any integer type.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// Float is any type of floating-point numbers.
type Float interface{ ~float32 | ~float64 }

// Number is x, one more, one less, or zero.
func Number[T Integer | Float](x T, id int) T {
	switch which(id, Numbers) {
	case 1:
		return x + 1
	case 2:
		return x - 1
	case 3:
		if x == 0 {
			return 2
		}
		return 0
	}
	return x
}

// Text is x, longer, or nothing.
func Text[T ~string](x T, id int) T {
	switch which(id, Texts) {
	case 1:
		return x + "~"
	case 2:
		if x == "" {
			return "a"
		}
		return ""
	}
	return x
}

// Arithmetic is x op y, another operation, or one of them.
func Arithmetic[T Integer | Float](x, y T, op byte, id int) T {
	switch which(id, Arithmetics) {
	case 1:
		op = map[byte]byte{'+': '-', '-': '+', '*': '+', '/': '*'}[op]
	case 2:
		op = map[byte]byte{'+': '*', '-': '*', '*': '-', '/': '-'}[op]
	case 3:
		return x
	case 4:
		return y
	}
	switch op {
	case '+':
		return x + y
	case '-':
		return x - y
	case '*':
		return x * y
	}
	return x / y
}

// Bits is x op y, another operation, or one of them.
func Bits[T Integer](x, y T, op byte, id int) T {
	switch which(id, Bitses) {
	case 1:
		op = map[byte]byte{'%': '&', '&': '|', '|': '&', '^': '|'}[op]
	case 2:
		return x
	case 3:
		return y
	}
	switch op {
	case '%':
		return x % y
	case '&':
		return x & y
	case '|':
		return x | y
	}
	return x ^ y
}

// Join is x + y, the other way round, or one of them.
func Join[T ~string](x, y T, id int) T {
	switch which(id, Joins) {
	case 1:
		return y + x
	case 2:
		return x
	case 3:
		return y
	}
	return x + y
}

// Compare is x op y, where op is a number, or any other comparison.
func Compare[T cmp.Ordered](x, y T, op, id int) bool {
	switch (op + which(id, Compares)) % 6 {
	case 0:
		return x < y
	case 1:
		return x <= y
	case 2:
		return x > y
	case 3:
		return x >= y
	case 4:
		return x == y
	}
	return x != y
}

// Keep reports whether a statement is to be executed.
func Keep(id int) bool { return which(id, Keeps) == 0 }

// None is x or nothing.
func None[T any](x T, id int) T {
	if which(id, Nones) > 0 {
		var none T
		return none
	}
	return x
}
