package dynamodb_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/storetest"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// service is a server that speaks DynamoDB's protocol, with a table.
type service struct{ server.Service }

func start(t testing.TB) service {
	t.Helper()
	s := service{server.StartDynamoDB(t)}
	made, err := store.Open(context.Background(), s.URL(s.Addr, "first")+"&create")
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}

var prefixes atomic.Int64

func prefix() string { return fmt.Sprintf("team/cache%d", prefixes.Add(1)) }

// client is for what tests do behind the store's back.
func (s service) client() *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String("http://" + s.Addr),
		Credentials: credentials.NewStaticCredentialsProvider("test", "secret", ""),
	})
}

// change returns a way to spoil an item: set is an update of its attributes.
func (s service) change(prefix, set string, values map[string]types.AttributeValue) func(testing.TB, string) {
	return func(t testing.TB, key string) {
		t.Helper()
		_, err := s.client().UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: aws.String(server.Table), UpdateExpression: &set, ExpressionAttributeValues: values,
			Key: map[string]types.AttributeValue{"k": &types.AttributeValueMemberS{Value: prefix + "/i:" + key}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (s service) damage(prefix string) map[string]func(testing.TB, string) {
	binary := func(v string) map[string]types.AttributeValue {
		return map[string]types.AttributeValue{":v": &types.AttributeValueMemberB{Value: []byte(v)}}
	}
	return map[string]func(testing.TB, string){
		"another value": s.change(prefix, "SET v = :v", binary("garbage")),
		"no value":      s.change(prefix, "REMOVE v", nil),
		"no stamp":      s.change(prefix, "REMOVE s", nil),
		"no sum":        s.change(prefix, "REMOVE h", nil),
		"another type": s.change(prefix, "SET v = :v", map[string]types.AttributeValue{
			":v": &types.AttributeValueMemberS{Value: "text"},
		}),
		"lost chunks": s.change(prefix, "SET c = :c, n = :n, z = :z REMOVE v", map[string]types.AttributeValue{
			":c": &types.AttributeValueMemberS{Value: "gone"}, ":n": &types.AttributeValueMemberN{Value: "2"},
			":z": &types.AttributeValueMemberN{Value: "500000"},
		}),
		"absurd count": s.change(prefix, "SET c = :c, n = :n REMOVE v", map[string]types.AttributeValue{
			":c": &types.AttributeValueMemberS{Value: "gone"}, ":n": &types.AttributeValueMemberN{Value: "2000000000"},
		}),
	}
}

func TestStore(t *testing.T) {
	s := start(t)
	storetest.Run(t, func(t testing.TB) storetest.Harness {
		proxy, prefix := server.StartProxy(t, s.Addr), prefix()
		url := s.URL(proxy.Addr, prefix) + "&timeout=20s"
		return storetest.Harness{
			Open: storetest.Opener(url), URL: url, Faults: proxy.Faults(), Damage: s.damage(prefix),
			Keep: func(t testing.TB, d time.Duration) store.Store {
				return storetest.Opener(url + "&keep=" + d.String())(t)
			},
			MaxValue: 3 << 20,
		}
	})
}

func BenchmarkStore(b *testing.B) {
	s := start(b)
	storetest.Benchmark(b, func(testing.TB) storetest.Harness {
		url := s.URL(s.Addr, prefix())
		return storetest.Harness{Open: storetest.Opener(url), URL: url, MaxValue: 1 << 20}
	})
}
