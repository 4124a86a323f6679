package extract

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// The time that time.Unix returns is in the local time zone, as time.Local is. Of time.Unix(n, 0).UTC() only the instant counts.

// zoneless are the methods of a time that don't depend on its zone.
var zoneless = []string{
	"After", "Before", "Compare", "Equal", "In", "IsZero", "Nanosecond", "Sub", "UTC", "Unix", "UnixMicro", "UnixMilli", "UnixNano",
}

// takesInstant notes that a method is called on what a call returns for which the zone does not matter.
func (e *encoder) takesInstant(x *ast.SelectorExpr) {
	call, ok := ast.Unparen(x.X).(*ast.CallExpr)
	if !ok || !slices.Contains(zoneless, x.Sel.Name) {
		return
	}
	if f := typeutil.StaticCallee(e.info, call); f != nil && pathOf(f) == "time" && slices.Contains([]string{"Unix", "UnixMicro", "UnixMilli"}, IDOf(f).Name) {
		e.instant = call
	}
}

// loadsLocal notes that the local time zone is asked for by its name.
func (e *encoder) loadsLocal(x *ast.CallExpr, f *types.Func) {
	if f == nil || len(x.Args) == 0 || IDOf(f) != (facts.ID{Package: "time", Name: "LoadLocation"}) {
		return
	}
	if v := e.info.Types[x.Args[0]].Value; v == nil || constant.StringVal(v) == "Local" {
		e.edgeAt(facts.ID{Package: "time", Name: "Local"}, facts.Uses, x.Pos())
	}
}
