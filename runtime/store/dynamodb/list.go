package dynamodb

import (
	"context"
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/calls"
)

// List yields the items whose keys begin with prefix, by a scan of the table.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		var start attributes
		for {
			page, err := s.page(ctx, prefix, start)
			if err != nil {
				yield(store.Info{}, err)
				return
			}
			for _, a := range page.Items {
				key := strings.TrimPrefix(readText(a[keyName]), s.name(itemSpace, ""))
				if store.CheckKey(key) != nil {
					continue
				}
				e := parseEntry(a)
				info := store.Info{Key: key, Size: int64(e.size), Stamp: e.stamp, Modified: e.written, Hits: -1}
				if !yield(info, nil) {
					return
				}
			}
			if start = page.LastEvaluatedKey; len(start) == 0 {
				return
			}
		}
	}
}

func (s *Store) page(ctx context.Context, prefix string, start attributes) (*dynamodb.ScanOutput, error) {
	return calls.Do(ctx, s.calls, func(ctx context.Context) (*dynamodb.ScanOutput, error) {
		return s.client.Scan(ctx, &dynamodb.ScanInput{
			TableName: &s.table, ExclusiveStartKey: start, ConsistentRead: aws.Bool(true),
			FilterExpression:          aws.String("begins_with(" + keyName + ", :name)"),
			ExpressionAttributeValues: attributes{":name": text(s.name(itemSpace, prefix))},
			ProjectionExpression:      aws.String(strings.Join([]string{keyName, stampName, sizeName, writtenName}, ", ")),
		})
	})
}
