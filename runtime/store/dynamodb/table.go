package dynamodb

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"github.com/cachegen/cachegen/runtime/store"
)

const (
	// chunkSize is how much of a value goes into one item; DynamoDB's limit is 400 KB, names and
	// all.
	chunkSize = 350 << 10
	// parallel is how many chunks are on their way at once.
	parallel = 8
	// rereads bounds how often a value is read again if it was replaced while it was read.
	rereads = 10
	// margin is the time by which a chunk outlives its head.
	margin = 24 * time.Hour
)

func (s *Store) key(name string) attributes { return attributes{keyName: text(name)} }

// head returns what the table has under a name, without the value's chunks. With projection, only
// those attributes.
func (s *Store) head(ctx context.Context, name string, projection *string) (attributes, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &s.table, Key: s.key(name), ConsistentRead: aws.Bool(true), ProjectionExpression: projection,
	})
	if err != nil {
		return nil, err
	}
	if len(out.Item) == 0 {
		return nil, store.ErrNotFound
	}
	return out.Item, nil
}

// read returns the entry under a name with its value. A damaged entry is not found.
func (s *Store) read(ctx context.Context, name string) (entry, error) {
	a, err := s.head(ctx, name, nil)
	if err != nil {
		return entry{}, err
	}
	return s.complete(ctx, name, parseEntry(a))
}

// complete fetches an entry's value if it is in chunks. If they are gone the entry may have been
// replaced: the head is read again.
func (s *Store) complete(ctx context.Context, name string, e entry) (entry, error) {
	for range rereads {
		if e.chunks == "" {
			break
		}
		if !e.plausible() {
			return entry{}, store.ErrNotFound
		}
		found, err := s.fetch(ctx, &e)
		if err != nil {
			return entry{}, err
		}
		if found {
			break
		}
		a, err := s.head(ctx, name, nil)
		if err != nil {
			return entry{}, err
		}
		again := parseEntry(a)
		if again.chunks == e.chunks {
			return entry{}, store.ErrNotFound
		}
		e = again
	}
	if !e.whole() {
		return entry{}, store.ErrNotFound
	}
	return e, nil
}

// fetch joins an entry's chunks, and reports whether all exist.
func (s *Store) fetch(ctx context.Context, e *entry) (bool, error) {
	parts := make([][]byte, e.count)
	reads, reading := errgroup.WithContext(ctx)
	reads.SetLimit(parallel)
	for i := range parts {
		reads.Go(func() error {
			a, err := s.head(reading, s.chunkName(e.chunks, i), nil)
			if err != nil {
				return err
			}
			if v, ok := a[valueName].(*types.AttributeValueMemberB); ok {
				parts[i] = v.Value
			}
			return nil
		})
	}
	err := reads.Wait()
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	e.value = make([]byte, 0, e.size)
	for _, part := range parts {
		e.value = append(e.value, part...)
	}
	return true, nil
}

// chunkName is a name that no key has.
func (s *Store) chunkName(id string, i int) string { return s.name(chunkSpace, id+"/"+strconv.Itoa(i)) }

// condition is an expression that must hold for the existing item, with its values.
type condition struct {
	expression string
	values     attributes
}

// write writes an entry, its chunks first, and reports whether the condition held.
func (s *Store) write(ctx context.Context, name string, e entry, c condition) (bool, error) {
	if e.size > chunkSize {
		if err := s.split(ctx, &e); err != nil {
			return false, err
		}
	}
	put := &dynamodb.PutItemInput{TableName: &s.table, Item: e.attributes(name), ReturnValues: types.ReturnValueAllOld}
	if c.expression != "" {
		put.ConditionExpression, put.ExpressionAttributeValues = &c.expression, c.values
	}
	out, err := s.client.PutItem(ctx, put)
	if err == nil {
		if old := parseEntry(out.Attributes); old.chunks != e.chunks {
			s.drop(ctx, old)
		}
		return true, nil
	}
	if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); !refused {
		return false, err // It may have been written: chunks stay.
	}
	if e.chunks == "" {
		return false, nil
	}
	// A client that tries again is refused by its own write.
	now, err := s.head(ctx, name, aws.String(chunksName))
	if err == nil && readText(now[chunksName]) == e.chunks {
		return true, nil
	}
	if err == nil || errors.Is(err, store.ErrNotFound) {
		s.drop(ctx, e)
	}
	return false, nil
}

// split writes an entry's value as chunks and leaves the head.
func (s *Store) split(ctx context.Context, e *entry) error {
	e.chunks, e.count = rand.Text(), chunksFor(e.size)
	writes, ctx := errgroup.WithContext(ctx)
	writes.SetLimit(parallel)
	for i := range e.count {
		writes.Go(func() error {
			part := e.value[i*chunkSize : min((i+1)*chunkSize, e.size)]
			item := attributes{keyName: text(s.chunkName(e.chunks, i)), valueName: &types.AttributeValueMemberB{Value: part}}
			if !e.expires.IsZero() {
				item[expiresName] = number(max(e.expires.Add(margin).Unix(), 1))
			}
			_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: item})
			return err
		})
	}
	return writes.Wait()
}

// drop removes an entry's chunks if it can. Chunks that stay expire.
func (s *Store) drop(ctx context.Context, e entry) {
	if e.chunks == "" || !e.plausible() {
		return
	}
	removals, ctx := errgroup.WithContext(ctx)
	removals.SetLimit(parallel)
	for i := range e.count {
		removals.Go(func() error {
			_, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.table, Key: s.key(s.chunkName(e.chunks, i))})
			return err
		})
	}
	_ = removals.Wait()
}

// remove removes the entry under a name, with its chunks.
func (s *Store) remove(ctx context.Context, name string) error {
	out, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.table, Key: s.key(name), ReturnValues: types.ReturnValueAllOld,
	})
	if err != nil {
		return err
	}
	s.drop(ctx, parseEntry(out.Attributes))
	return nil
}
