package thirdpartystore

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"

	"github.com/cachegen/cachegen/runtime/store"
)

// Handler serves s, which remains its owner's to close.
func Handler(s store.Store) http.Handler {
	h := handler{s}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items/{key...}", h.get)
	mux.HandleFunc("PUT /items/{key...}", h.put)
	mux.HandleFunc("DELETE /items/{key...}", h.delete)
	mux.HandleFunc("GET /items", h.list)
	return mux
}

type handler struct{ store store.Store }

func (h handler) get(w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("key")
	item, err := h.store.Get(r.Context(), key)
	if err != nil {
		fail(w, err)
		return
	}
	maps.Copy(w.Header(), head(key, item))
	_, _ = w.Write(item.Value)
}

func (h handler) put(w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("key")
	item, err := readItem(key, r.Header, http.MaxBytesReader(w, r.Body, largest))
	if errors.Is(err, store.ErrNotFound) {
		http.Error(w, "item does not match its sum", http.StatusBadRequest)
		return
	}
	var written bool
	if err == nil {
		written, err = h.store.Put(r.Context(), key, item)
	}
	switch {
	case err != nil:
		fail(w, err)
	case written:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusConflict)
	}
}

func (h handler) delete(w http.ResponseWriter, r *http.Request) {
	if err := h.store.Delete(r.Context(), r.PathValue("key")); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// list writes a line for each item. If the listing fails it breaks the answer off, so that it can't
// be taken for a whole one.
func (h handler) list(w http.ResponseWriter, r *http.Request) {
	lister, ok := store.As[store.Lister](h.store)
	if !ok {
		http.Error(w, "this store can't list", http.StatusNotImplemented)
		return
	}
	lines := json.NewEncoder(w)
	for info, err := range lister.List(r.Context(), r.URL.Query().Get("prefix")) {
		if err != nil || lines.Encode(info) != nil {
			panic(http.ErrAbortHandler)
		}
	}
}

// fail answers with the status of err.
func fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, store.ErrNotFound):
		status = http.StatusNotFound
	case errors.Is(err, store.ErrTooLarge), isTooLong(err):
		status = http.StatusRequestEntityTooLarge
	}
	http.Error(w, err.Error(), status)
}

func isTooLong(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}
