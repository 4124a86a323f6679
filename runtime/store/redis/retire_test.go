package redis

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// TestMarksGo writes marks of distinct tags for ever. Those that keep= made needless go, one that
// was made again stays, and without keep= all stay.
func TestMarksGo(t *testing.T) {
	s := server.StartRedis(t)
	for options, want := range map[string]func(n int64) bool{
		"?keep=1ms&prefix=kept:": func(n int64) bool { return n < 100 },
		"?prefix=all:":           func(n int64) bool { return n == 500 },
	} {
		u, err := url.Parse("redis://" + s.Addr + options)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		r.longest = 0
		put := func(i int) {
			key := fmt.Sprintf("%s%064x", store.MarkPrefix, i)
			if ok, err := r.Put(t.Context(), key, store.Item{Value: []byte("tag"), Stamp: time.Now().UnixNano()}); !ok || err != nil {
				t.Fatalf("Put of a mark = %v, %v", ok, err)
			}
		}
		for i := range 500 {
			put(i)
		}
		n := int64(0)
		for _, err := range r.List(t.Context(), store.MarkPrefix) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if !want(n) {
			t.Errorf("%s: of 500 marks %d are left", options, n)
		}
	}
}

// TestMarksStay writes marks while results that they concern can still be there, and makes one
// again that is old.
func TestMarksStay(t *testing.T) {
	s := server.StartRedis(t)
	u, err := url.Parse("redis://" + s.Addr + "?keep=200ms")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	put := func(name string) {
		if ok, err := r.Put(t.Context(), store.MarkPrefix+name, store.Item{Stamp: time.Now().UnixNano()}); !ok || err != nil {
			t.Fatalf("Put of a mark = %v, %v", ok, err)
		}
	}
	there := func(name string) bool {
		_, err := r.Get(t.Context(), store.MarkPrefix+name)
		return err == nil
	}
	put("first")
	put("again")
	for i := range 40 {
		put(fmt.Sprint("other", i))
	}
	if !there("first") || !there("again") {
		t.Error("a mark is gone that results which began a day ago could need")
	}
	r.longest = 0
	time.Sleep(300 * time.Millisecond)
	put("again")
	for i := range 40 {
		put(fmt.Sprint("more", i))
	}
	if there("first") {
		t.Error("a mark is left that concerns nothing any more")
	}
	if !there("again") {
		t.Error("a mark is gone that was made again")
	}
}
