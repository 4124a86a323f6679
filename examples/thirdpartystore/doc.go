// Package thirdpartystore is a store of one's own, as small as one can be: it keeps results in a
// server that many machines reach over HTTP. It shows all that a new store needs:
//
//   - a type with the four methods of [store.Store], here [Store];
//   - what more it can do by further interfaces, here [store.Lister];
//   - a scheme, registered in init, so that its URL works wherever a store's URL does;
//   - a test of a few lines that runs the suite of package storetest, with the ways in which this
//     medium can break.
//
// The server is a handler in front of any other store. A program that shares a folder with other
// machines is
//
//	s, err := store.Open(ctx, "dir:///var/cache/shared")
//	…
//	http.ListenAndServe("localhost:8080", thirdpartystore.Handler(s))
//
// and a program that uses it sets CACHEGEN_STORE=cachehttp://localhost:8080 and imports this
// package. There is no authentication: who reaches the server can change what programs take for
// their results.
//
// # Protocol
//
//	GET    /items/KEY        200 with the value, Cache-Stamp, Cache-Expires and Cache-Sum; 404
//	PUT    /items/KEY        204 written; 409 a newer item is there; 413 the value is too large
//	DELETE /items/KEY        204
//	GET    /items?prefix=P   200 with one JSON object a line for each item
package thirdpartystore
