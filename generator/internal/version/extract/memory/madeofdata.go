package memory

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// The csv.Reader of csv.NewReader(strings.NewReader(s)) holds an io.Reader, but none of the user's:
// strings.NewReader got a string, and csv.NewReader got what that made. As long as the function
// that has it puts nothing else into it and gives it to nobody but the standard library, code
// outside finds nothing in it that it could call.

// madeOfData reports whether a value is of that kind.
func (w *writer) madeOfData(v ssa.Value) bool {
	m := madeOfData{writer: w, seen: map[ssa.Value]bool{}}
	return m.made(v)
}

// madeOfData follows values back to what they were made of, and on to what gets them. It takes for
// granted what it has begun to look at: each value is looked at once.
type madeOfData struct {
	*writer
	seen map[ssa.Value]bool
}

// made reports whether a value is data, or was made of data and gets nothing else.
func (m madeOfData) made(v ssa.Value) bool {
	if m.seen[v] || m.isData(v.Type()) {
		return true
	}
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Call:
		m.seen[v] = true
		return m.returnsData(v) && m.staysData(v)
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		m.seen[v] = true
		return ok && m.returnsData(call) && m.staysData(v)
	case *ssa.MakeInterface:
		m.seen[v] = true
		return m.isData(v.X.Type()) || m.isOutsideType(v.X.Type()) && m.made(v.X) && m.staysData(v)
	}
	return false
}

// returnsData reports whether a call returns what it makes of data alone.
func (m madeOfData) returnsData(call *ssa.Call) bool {
	conduct := m.reviewed(&call.Call)
	if conduct == nil || conduct.Keeps != 0 || conduct.Same && (conduct.Reads || conduct.Changes) {
		return false
	}
	return conduct.Copies || !slices.ContainsFunc(call.Call.Args, func(a ssa.Value) bool { return !m.made(a) })
}

// reviewed is the conduct of the function of the standard library that a call names, or nil.
func (m madeOfData) reviewed(c *ssa.CallCommon) *stdmodel.Conduct {
	f := c.StaticCallee()
	if f == nil {
		return nil
	}
	o := declared(f)
	if o == nil || !stdmodel.IsPath(pathOf(o)) {
		return nil
	}
	return m.conductOf(o.Origin())
}

// staysData reports whether nobody puts anything but data into a value.
func (m madeOfData) staysData(v ssa.Value) bool {
	return !slices.ContainsFunc(*v.Referrers(), func(in ssa.Instruction) bool { return !m.leavesData(in) })
}

// leavesData reports whether an instruction puts nothing but data into a value that it gets.
func (m madeOfData) leavesData(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.DebugRef, *ssa.BinOp:
		return true
	case *ssa.Extract: // of a call's results, which are looked at one by one
		return m.made(in)
	case *ssa.MakeInterface:
		return m.made(in)
	case *ssa.FieldAddr:
		return m.fieldStaysData(in)
	case ssa.CallInstruction:
		return m.callLeavesData(in)
	}
	return false
}

// fieldStaysData reports whether nothing but data is stored in a field.
func (m madeOfData) fieldStaysData(field *ssa.FieldAddr) bool {
	return !slices.ContainsFunc(*field.Referrers(), func(in ssa.Instruction) bool {
		switch in := in.(type) {
		case *ssa.DebugRef:
			return false
		case *ssa.UnOp:
			return !m.isData(in.Type())
		case *ssa.Store:
			return in.Addr != field || !m.made(in.Val)
		}
		return true
	})
}

// callLeavesData reports whether a call puts nothing but data into a value that it gets, and
// returns no way to do so.
func (m madeOfData) callLeavesData(in ssa.CallInstruction) bool {
	c := in.Common()
	conduct := m.reviewed(c)
	if conduct == nil || slices.ContainsFunc(c.Args, func(a ssa.Value) bool { return !m.made(a) }) {
		return false
	}
	result := in.Value()
	if result == nil || conduct.Copies || m.isData(result.Type()) {
		return true
	}
	m.seen[result] = true
	return m.staysData(result)
}

// isData reports whether values of a type hold neither functions nor interfaces nor channels, nor
// anything that has methods of the user's.
func (x *extractor) isData(t types.Type) bool { return x.holdsData(t, map[types.Type]bool{}) }

func (x *extractor) holdsData(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if IsError(t) || seen[t] {
		return true
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.TypeParam:
		return false
	case *types.Named:
		if t.NumMethods() > 0 && x.isLocal(pathOf(t.Obj())) {
			return false
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() != types.UnsafePointer
	case *types.Map:
		return x.holdsData(u.Key(), seen) && x.holdsData(u.Elem(), seen)
	case interface{ Elem() types.Type }: // a pointer, a slice, an array; a channel may be anybody's
		_, isChan := u.(*types.Chan)
		return !isChan && x.holdsData(u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			if !x.holdsData(f.Type(), seen) {
				return false
			}
		}
		return true
	case *types.Tuple:
		for v := range u.Variables() {
			if !x.holdsData(v.Type(), seen) {
				return false
			}
		}
		return true
	}
	return false
}
