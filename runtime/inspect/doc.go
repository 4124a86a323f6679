// Package inspect looks into stores and tidies them, as cachegen cache does: what results they have, of which functions and versions,
// made from what, at what cost.
//
//	in, err := inspect.Open(ctx, "")
//	…
//	defer in.Close()
//	for e, err := range in.Entries(ctx, inspect.Filter{Func: "weather.Forecast"}) {
//		…
//		fmt.Println(e.ID, e.Namespace, e.Inputs, e.Cost)
//	}
//
// It needs a store that lists its items, as all of this module are. What it goes through it reads in small lots, so memory does not grow
// with the store. Entries that are written or removed meanwhile may or may not appear. Results with a target are plain values at
// readable paths, no entries: other tools are for them.
//
// Reading is a use to stores that drop what was not used for long.
package inspect
