package blob_test

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gocloud.dev/blob"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/storetest"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// TestTargets looks at what other programs see of a value at a path: an ordinary object in the
// folder.
func TestTargets(t *testing.T) {
	for name, start := range map[string]func(testing.TB) service{"s3": startS3, "gs": startGCS, "azblob": startAzure} {
		t.Run(name, func(t *testing.T) {
			srv, folder := start(t), folder()
			s := storetest.Opener(srv.URL(srv.Addr, folder))(t).(store.Blobber)
			if ok, err := s.WriteBlob(t.Context(), "reports/Berlin.json", []byte(`{"t":21}`), false); !ok || err != nil {
				t.Fatalf("WriteBlob = %v, %v", ok, err)
			}
			raw := openBucket(t, srv)
			got, err := raw.ReadAll(t.Context(), folder+"/reports/Berlin.json")
			if err != nil || string(got) != `{"t":21}` {
				t.Errorf("the object has %q, %v", got, err)
			}
			attributes, err := raw.Attributes(t.Context(), folder+"/reports/Berlin.json")
			if err != nil || attributes.ContentType != "application/json" {
				t.Errorf("the object is %q, %v, want application/json", attributes.ContentType, err)
			}
			if err := raw.WriteAll(t.Context(), folder+"/reports/Rome.txt", []byte("hot"), nil); err != nil {
				t.Fatal(err)
			}
			if got, err := s.ReadBlob(t.Context(), "reports/Rome.txt"); err != nil || string(got) != "hot" {
				t.Errorf("ReadBlob of another program's object = %q, %v", got, err)
			}
			for _, path := range []string{".cachegen", ".cachegen/items/a~"} {
				if _, err := s.ReadBlob(t.Context(), path); err == nil || errors.Is(err, store.ErrNotFound) {
					t.Errorf("ReadBlob(%q): %v, want it refused", path, err)
				}
				if _, err := s.WriteBlob(t.Context(), path, nil, true); err == nil {
					t.Errorf("WriteBlob(%q) is taken", path)
				}
				if err := s.DeleteBlob(t.Context(), path); err == nil {
					t.Errorf("DeleteBlob(%q) is taken", path)
				}
			}
		})
	}
}

// openBucket opens the bucket as other programs do.
func openBucket(t *testing.T, s service) *blob.Bucket {
	t.Helper()
	raw := s.URL(s.Addr, "")
	if u, err := url.Parse(raw); err == nil && u.Scheme == "gs" {
		t.Setenv("STORAGE_EMULATOR_HOST", s.Addr)
		raw = "gs://" + server.Bucket
	}
	b, err := blob.OpenBucket(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// TestVersions writes one value with two stamps: the object's version must differ, or a writer that
// read the first would replace the second.
func TestVersions(t *testing.T) {
	s3 := startS3(t)
	folder := folder()
	s := storetest.Opener(s3.URL(s3.Addr, folder))(t)
	defer s.Close()
	raw := openBucket(t, s3)
	seen := map[string]bool{}
	for stamp := range int64(3) {
		if ok, err := s.Put(t.Context(), "e/x", store.Item{Value: []byte("same"), Stamp: stamp}); !ok || err != nil {
			t.Fatalf("Put = %v, %v", ok, err)
		}
		attributes, err := raw.Attributes(t.Context(), folder+"/.cachegen/items/e/x~")
		if err != nil {
			t.Fatal(err)
		}
		if seen[attributes.ETag] {
			t.Errorf("stamp %d has the version %s, which another had", stamp, attributes.ETag)
		}
		seen[attributes.ETag] = true
	}
}

// TestMultipart writes what the SDK uploads in parts, over older and under newer stamps.
func TestMultipart(t *testing.T) {
	s3 := startS3(t)
	s := storetest.Opener(s3.URL(s3.Addr, folder()) + "&timeout=1m")(t)
	defer s.Close()
	value := bytes.Repeat([]byte("twenty-four megabytes..."), 1<<20)
	for _, c := range []struct {
		stamp int64
		want  bool
	}{{1, true}, {3, true}, {2, false}} {
		if ok, err := s.Put(t.Context(), "e/x", store.Item{Value: value, Stamp: c.stamp}); ok != c.want || err != nil {
			t.Errorf("Put with stamp %d = %v, %v, want %v", c.stamp, ok, err, c.want)
		}
	}
	item, err := s.Get(t.Context(), "e/x")
	if err != nil || item.Stamp != 3 || !bytes.Equal(item.Value, value) {
		t.Errorf("Get = stamp %d, %d bytes, %v", item.Stamp, len(item.Value), err)
	}
}

func TestExpires(t *testing.T) {
	s3 := startS3(t)
	s := storetest.Opener(s3.URL(s3.Addr, folder()))(t)
	defer s.Close()
	want := time.Now().Add(time.Hour).Truncate(time.Second)
	if _, err := s.Put(t.Context(), "e/x", store.Item{Stamp: 1, Expires: want}); err != nil {
		t.Fatal(err)
	}
	if item, err := s.Get(t.Context(), "e/x"); err != nil || !item.Expires.Equal(want) {
		t.Errorf("Get.Expires = %v, %v, want %v", item.Expires, err, want)
	}
}

func TestURLs(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	for _, good := range []string{
		"s3://b?region=r", "s3://b/folder/in/it/?region=r&timeout=1s&max-value=1GiB", "gs://b?anonymous=true&endpoint=http://127.0.0.1:1",
	} {
		s, err := store.Open(t.Context(), good)
		if err != nil {
			t.Errorf("Open(%s): %v", good, err)
			continue
		}
		s.Close()
	}
	for _, bad := range []string{
		"s3://?region=r", "s3:///folder", "s3://b?unknown=1", "s3://b?timeout=0s", "s3://b?timeout=soon", "s3://b?max-value=0",
		"s3://b?max-value=many", "s3://b/a//b?region=r", "s3://b/..?region=r", "gs://b?endpoint=http://127.0.0.1:1&anonymous=true&grpc=true",
		"gs://b?anonymous=perhaps",
	} {
		if s, err := store.Open(t.Context(), bad); err == nil {
			s.Close()
			t.Errorf("Open(%s) succeeds", bad)
		}
	}
	s, err := store.Open(t.Context(), "s3://b?region=r&max-value=10")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = s.Put(t.Context(), "e/x", store.Item{Value: make([]byte, 11)})
	if !errors.Is(err, store.ErrTooLarge) {
		t.Errorf("Put of 11 bytes where 10 are the most: %v, want ErrTooLarge", err)
	}
}
