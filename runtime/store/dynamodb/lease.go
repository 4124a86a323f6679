package dynamodb

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/calls"
)

// leaseItems keeps the records of leases in the table.
type leaseItems struct{ s *Store }

// Read returns a record and its version.
func (l leaseItems) Read(ctx context.Context, key string) ([]byte, string, error) {
	a, err := calls.Do(ctx, l.s.calls, func(ctx context.Context) (attributes, error) {
		return l.s.head(ctx, l.s.name(leaseSpace, key), nil)
	})
	if err != nil {
		return nil, "", err
	}
	return []byte(readText(a[valueName])), readText(a[versionName]), nil
}

// Write writes a record over a version.
func (l leaseItems) Write(ctx context.Context, key string, record []byte, version string, expires time.Time) (bool, error) {
	put := &dynamodb.PutItemInput{
		TableName: &l.s.table,
		Item: attributes{
			keyName: text(l.s.name(leaseSpace, key)), valueName: text(string(record)), versionName: text(rand.Text()),
			expiresName: number(expires.Unix()),
		},
		ConditionExpression: aws.String("attribute_not_exists(" + keyName + ")"),
	}
	if version != "" {
		put.ConditionExpression = aws.String(versionName + " = :version")
		put.ExpressionAttributeValues = attributes{":version": text(version)}
	}
	return l.done(ctx, func(ctx context.Context) error {
		_, err := l.s.client.PutItem(ctx, put)
		return err
	})
}

// Remove removes a version of a record.
func (l leaseItems) Remove(ctx context.Context, key, version string) error {
	_, err := l.done(ctx, func(ctx context.Context) error {
		_, err := l.s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: &l.s.table, Key: l.s.key(l.s.name(leaseSpace, key)),
			ConditionExpression:       aws.String(versionName + " = :version"),
			ExpressionAttributeValues: attributes{":version": text(version)},
		})
		return err
	})
	return err
}

// done does something on a condition and reports whether it held.
func (l leaseItems) done(ctx context.Context, do func(context.Context) error) (bool, error) {
	return calls.Do(ctx, l.s.calls, func(ctx context.Context) (bool, error) {
		err := do(ctx)
		if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); refused {
			return false, nil
		}
		return err == nil, err
	})
}

// Acquire takes the lease called key for ttl.
func (s *Store) Acquire(ctx context.Context, key string, ttl time.Duration) (store.Lease, error) {
	return s.leases.Acquire(ctx, key, ttl)
}

// Await returns when the lease called key may be free. It looks at growing intervals.
func (s *Store) Await(ctx context.Context, key string) error {
	return s.leases.Await(ctx, key)
}
