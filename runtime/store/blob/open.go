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
		store.RegisterChecked(scheme, func(ctx context.Context, u *url.URL) (store.Store, error) { return Open(ctx, u) }, check)
	}
}

// gcsAttempts bounds the attempts of Google's client, which otherwise goes on until the context
// ends.
const gcsAttempts = 3

// check returns an error if a URL can't be right, as far as this package reads it.
func check(u *url.URL) error {
	if _, _, err := parse(u); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}

// Open opens the store that u names; see the package's comment. The bucket must exist. Open does
// not check that.
func Open(ctx context.Context, u *url.URL) (*Store, error) {
	service, ok := services[u.Scheme]
	if !ok {
		return nil, errors.New("blob: the URL names no object store")
	}
	settings, rest, err := parse(u)
	if err != nil {
		return nil, store.Redact(u, fmt.Errorf("blob: %s: %w", u.Host, err))
	}
	bucket, err := open(ctx, rest, settings.endpoint)
	for name := range rest.Query() { // The driver repeats options that it doesn't know, and they may be the rest of a password.
		err = store.Redact(&url.URL{User: url.User(name)}, err)
	}
	if err != nil {
		return nil, store.Redact(u, fmt.Errorf("blob: %s: %w", u.Host, err))
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
