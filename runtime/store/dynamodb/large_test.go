package dynamodb_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/storetest"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// all returns what the table has under a prefix.
func (s service) all(t *testing.T, prefix string) (items []map[string]types.AttributeValue) {
	t.Helper()
	pages := dynamodb.NewScanPaginator(s.client(), &dynamodb.ScanInput{
		TableName: aws.String(server.Table), FilterExpression: aws.String("begins_with(k, :p)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":p": &types.AttributeValueMemberS{Value: prefix + "/"}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, page.Items...)
	}
	return items
}

// names returns the names of what the table has under a prefix, by kind.
func (s service) names(t *testing.T, prefix string) map[string][]string {
	t.Helper()
	kinds := map[string][]string{}
	for _, item := range s.all(t, prefix) {
		kind, name, _ := strings.Cut(strings.TrimPrefix(item["k"].(*types.AttributeValueMemberS).Value, prefix+"/"), ":")
		kinds[kind] = append(kinds[kind], name)
	}
	return kinds
}

func large(stamp int64) []byte { return bytes.Repeat(fmt.Appendf(nil, "%08d", stamp), 100_000) }

// TestLargeReplaced reads a value of several chunks while it is replaced: readers find it always,
// whole.
func TestLargeReplaced(t *testing.T) {
	srv, prefix := start(t), prefix()
	open := storetest.Opener(srv.URL(srv.Addr, prefix) + "&timeout=30s")
	s := open(t)
	defer s.Close()
	put := func(stamp int64, want bool) {
		t.Helper()
		if ok, err := s.Put(t.Context(), "e/x", store.Item{Value: large(stamp), Stamp: stamp}); ok != want || err != nil {
			t.Errorf("Put with stamp %d = %v, %v, want %v", stamp, ok, err, want)
		}
	}
	put(1, true)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		reader := open(t)
		defer reader.Close()
		readers.Go(func() {
			for last := int64(0); ; {
				select {
				case <-stop:
					return
				default:
				}
				item, err := reader.Get(t.Context(), "e/x")
				if err != nil || item.Stamp < last || !bytes.Equal(item.Value, large(item.Stamp)) {
					t.Errorf("Get = stamp %d after %d, %d bytes, %v", item.Stamp, last, len(item.Value), err)
					return
				}
				last = item.Stamp
			}
		})
	}
	for stamp := int64(2); stamp < 20; stamp += 2 {
		put(stamp, true)
		put(stamp-1, false)
	}
	close(stop)
	readers.Wait()
	if n := len(srv.names(t, prefix)["c"]); n != 3 {
		t.Errorf("the table has %d chunks for a value of 3: %d are left behind", n, n-3)
	}
	if err := s.Delete(t.Context(), "e/x"); err != nil {
		t.Fatal(err)
	}
	if names := srv.names(t, prefix); len(names) != 0 {
		t.Errorf("after Delete the table has %v", names)
	}
}

// TestLargeExpires looks at the time to live of large values: with their own expiry or without,
// chunks outlive the head, and all goes some day. Values at paths do not.
func TestLargeExpires(t *testing.T) {
	srv := start(t)
	ttl := func(prefix string) (head, chunk int64) {
		t.Helper()
		for _, item := range srv.all(t, prefix) {
			var x int64
			if n, ok := item["x"].(*types.AttributeValueMemberN); ok {
				fmt.Sscan(n.Value, &x)
			}
			if strings.HasPrefix(item["k"].(*types.AttributeValueMemberS).Value, prefix+"/c:") {
				chunk = x
			} else {
				head = x
			}
		}
		return head, chunk
	}
	now := time.Now().Unix()
	for name, c := range map[string]struct {
		item     store.Item
		min, max time.Duration
	}{
		"its own":  {store.Item{Value: large(1), Expires: time.Now().Add(time.Hour)}, 59 * time.Minute, 61 * time.Minute},
		"none":     {store.Item{Value: large(1)}, 99 * time.Hour, 101 * time.Hour},
		"of small": {store.Item{Value: []byte("small"), Expires: time.Now().Add(time.Hour)}, 59 * time.Minute, 61 * time.Minute},
	} {
		prefix := prefix()
		s := storetest.Opener(srv.URL(srv.Addr, prefix) + "&large-age=100h")(t)
		if _, err := s.Put(t.Context(), "e/x", c.item); err != nil {
			t.Fatal(err)
		}
		head, chunk := ttl(prefix)
		if left := time.Duration(head-now) * time.Second; left < c.min || left > c.max {
			t.Errorf("%s: the head expires in %v, want between %v and %v", name, left, c.min, c.max)
		}
		if len(c.item.Value) > 400_000 && chunk <= head {
			t.Errorf("%s: a chunk expires at %d, the head at %d: it must live longer", name, chunk, head)
		}
		s.Close()
	}
	prefix := prefix()
	s := storetest.Opener(srv.URL(srv.Addr, prefix))(t)
	defer s.Close()
	if _, err := s.(store.Blobber).WriteBlob(t.Context(), "x.bin", large(1), false); err != nil {
		t.Fatal(err)
	}
	if head, chunk := ttl(prefix); head != 0 || chunk != 0 {
		t.Errorf("a value at a path expires at %d, its chunks at %d, want never", head, chunk)
	}
}

// TestLargeNotReplaced writes large values at a path that has one: those that lose leave nothing
// behind.
func TestLargeNotReplaced(t *testing.T) {
	srv, prefix := start(t), prefix()
	s := storetest.Opener(srv.URL(srv.Addr, prefix) + "&timeout=30s")(t)
	defer s.Close()
	b := s.(store.Blobber)
	for i := range int64(3) {
		if ok, err := b.WriteBlob(t.Context(), "x.bin", large(i), false); ok != (i == 0) || err != nil {
			t.Fatalf("WriteBlob %d = %v, %v", i, ok, err)
		}
	}
	if got, err := b.ReadBlob(t.Context(), "x.bin"); err != nil || !bytes.Equal(got, large(0)) {
		t.Errorf("ReadBlob = %d bytes, %v, want the first value", len(got), err)
	}
	if n := len(srv.names(t, prefix)["c"]); n != 3 {
		t.Errorf("the table has %d chunks for a value of 3", n)
	}
}

// TestLostChunk loses a part of a large value, and damages one: neither is found, and a put repairs
// it.
func TestLostChunk(t *testing.T) {
	srv := start(t)
	for name, spoil := range map[string]func(key map[string]types.AttributeValue) error{
		"lost": func(key map[string]types.AttributeValue) error {
			_, err := srv.client().DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(server.Table), Key: key})
			return err
		},
		"changed": func(key map[string]types.AttributeValue) error {
			_, err := srv.client().UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
				TableName: aws.String(server.Table), Key: key, UpdateExpression: aws.String("SET v = :v"),
				ExpressionAttributeValues: map[string]types.AttributeValue{":v": &types.AttributeValueMemberB{Value: []byte("x")}},
			})
			return err
		},
	} {
		prefix := prefix()
		s := storetest.Opener(srv.URL(srv.Addr, prefix) + "&timeout=30s")(t)
		if _, err := s.Put(t.Context(), "e/x", store.Item{Value: large(1), Stamp: 1}); err != nil {
			t.Fatal(err)
		}
		chunk := prefix + "/c:" + srv.names(t, prefix)["c"][1]
		if err := spoil(map[string]types.AttributeValue{"k": &types.AttributeValueMemberS{Value: chunk}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Get(t.Context(), "e/x"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: Get = %v, want ErrNotFound", name, err)
		}
		if ok, err := s.Put(t.Context(), "e/x", store.Item{Value: large(2), Stamp: 2}); !ok || err != nil {
			t.Errorf("%s: Put = %v, %v", name, ok, err)
		}
		if item, err := s.Get(t.Context(), "e/x"); err != nil || !bytes.Equal(item.Value, large(2)) {
			t.Errorf("%s: Get after a put = %d bytes, %v", name, len(item.Value), err)
		}
		s.Close()
	}
}

func TestURLs(t *testing.T) {
	for _, bad := range []string{
		"dynamodb://", "dynamodb:///prefix", "dynamodb://t?unknown=1", "dynamodb://t?timeout=0s", "dynamodb://t?large-age=-1h",
		"dynamodb://t?max-value=none", "dynamodb://t?max-value=2GiB", "dynamodb://t?create=perhaps",
	} {
		if s, err := store.Open(t.Context(), bad); err == nil {
			s.Close()
			t.Errorf("Open(%s) succeeds", bad)
		}
	}
	s, err := store.Open(t.Context(), "dynamodb://t?region=r&max-value=10&endpoint=http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = s.Put(t.Context(), "e/x", store.Item{Value: make([]byte, 11)})
	if !errors.Is(err, store.ErrTooLarge) {
		t.Errorf("Put of 11 bytes where 10 are the most: %v, want ErrTooLarge", err)
	}
}
