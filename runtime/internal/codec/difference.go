package codec

import (
	"cmp"
	"fmt"
	"reflect"
	"strconv"
)

// Difference is where two values of one type differ first.
type Difference struct {
	// Path is from the type: Report.Temps[2].
	Path string
	// Was and Is are what the values have there, as text of bounded length.
	Was, Is string
}

// Differ returns where y, of the type of x, is another value than x, or nil. Two are equal if what
// is stored of them is. Floats says which floats are equal besides; nil is no others.
func Differ(x, y reflect.Value, floats func(x, y float64) bool) *Difference {
	c := comparison{seen: map[[2]uintptr]bool{}, indexed: true, floats: floats}
	path, same := c.equal(x, y, cmp.Or(x.Type().Name(), x.Type().String()))
	if same {
		return nil
	}
	return &Difference{Path: path, Was: renderBeside(c.x, c.y), Is: renderBeside(c.y, c.x)}
}

// longest is how much of a string is shown.
const longest = 64

// renderBeside is render for one of two values that are not the same. Where they have parts, it
// says what tells them apart as a whole.
func renderBeside(v, other reflect.Value) string {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		switch {
		case v.IsNil():
			return "nil"
		case v.Len() != other.Len() || other.IsNil():
			return fmt.Sprintf("%d items", v.Len())
		}
		return "other items"
	case reflect.Interface, reflect.Pointer:
		switch {
		case v.IsNil():
			return "nil"
		case v.Kind() == reflect.Interface:
			return v.Elem().Type().String()
		}
		return "not nil"
	}
	return render(v)
}

// render returns a value of a basic kind as text, and of others the type.
func render(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		return strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
	case reflect.String:
		s := v.String()
		if len(s) > longest {
			return strconv.Quote(s[:longest]) + "…"
		}
		return strconv.Quote(s)
	}
	if v.CanInterface() {
		if s, ok := v.Interface().(fmt.Stringer); ok {
			return safely(s)
		}
	}
	return v.Type().String()
}

// safely is a value's String. A panic in it is its type.
func safely(s fmt.Stringer) (text string) {
	defer func() {
		if recover() != nil {
			text = reflect.TypeOf(s).String()
		}
	}()
	text = s.String()
	return text[:min(len(text), longest)]
}
