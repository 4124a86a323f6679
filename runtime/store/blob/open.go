package blob

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"cloud.google.com/go/storage"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // Registers azblob: with gocloud.dev, as the others do for s3: and gs:.
	"gocloud.dev/blob/gcsblob"
	_ "gocloud.dev/blob/s3blob"
	"gocloud.dev/gcp"
	"google.golang.org/api/option"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/calls"
	"github.com/cachegen/cachegen/runtime/store/internal/leases"
)

func init() {
	for scheme := range services {
		store.Register(scheme, func(ctx context.Context, u *url.URL) (store.Store, error) { return Open(ctx, u) })
	}
}

// gcsAttempts is how often Google's client tries; by itself it goes on until the context ends.
const gcsAttempts = 3

// Open opens the store that u names; see the package's comment. The bucket must exist; it is not asked for.
func Open(ctx context.Context, u *url.URL) (*Store, error) {
	service, ok := services[u.Scheme]
	if !ok {
		return nil, fmt.Errorf("blob: %q is no object store", u.Redacted())
	}
	settings, rest, err := parse(u)
	if err != nil {
		return nil, fmt.Errorf("blob: %s: %w", u.Redacted(), err)
	}
	bucket, err := open(ctx, rest, settings.endpoint)
	if err != nil {
		return nil, fmt.Errorf("blob: %s: %w", u.Redacted(), err)
	}
	var google *storage.Client
	if bucket.As(&google) {
		google.SetRetry(storage.WithMaxAttempts(gcsAttempts))
	}
	s := &Store{settings: settings, service: service, bucket: bucket, calls: calls.New("blob", settings.timeout)}
	s.leases = leases.New(leaseObjects{s})
	return s, nil
}

func open(ctx context.Context, u *url.URL, endpoint string) (*blob.Bucket, error) {
	if endpoint == "" {
		return blob.OpenBucket(ctx, u.String())
	}
	query := u.Query()
	client := gcp.NewAnonymousHTTPClient(gcp.DefaultTransport())
	if query.Get("anonymous") != "true" {
		credentials, err := gcp.DefaultCredentials(ctx)
		if err != nil {
			return nil, err
		}
		if client, err = gcp.NewHTTPClient(gcp.DefaultTransport(), credentials.TokenSource); err != nil {
			return nil, err
		}
	}
	if query.Del("anonymous"); len(query) > 0 {
		return nil, errors.New("endpoint= for gs: goes with anonymous= alone")
	}
	endpoint = strings.TrimSuffix(endpoint, "/") + "/storage/v1/"
	return gcsblob.OpenBucket(ctx, client, u.Host, &gcsblob.Options{ClientOptions: []option.ClientOption{
		option.WithEndpoint(endpoint),
		storage.WithJSONReads(), // The other way of reading goes by the host's name, which an emulator may not know as its own.
	}})
}
