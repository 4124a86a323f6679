package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/cachegen/cachegen/internal/units"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/calls"
	"github.com/cachegen/cachegen/runtime/store/internal/keep"
	"github.com/cachegen/cachegen/runtime/store/internal/leases"
)

func init() {
	store.RegisterChecked("dynamodb", func(ctx context.Context, u *url.URL) (store.Store, error) { return Open(ctx, u) }, check)
}

// settings are what a URL says.
type settings struct {
	table, prefix             string
	region, profile, endpoint string
	create                    bool
	timeout, largeAge         time.Duration
	maxValue                  int64
	keep                      keep.Duration
}

const (
	defaultTimeout  = 5 * time.Second
	defaultMaxValue = 16 << 20
	defaultLargeAge = 30 * 24 * time.Hour
	// creation bounds the time of making a table.
	creation = 2 * time.Minute
)

// check returns an error if a URL can't be right.
func check(u *url.URL) error {
	if _, err := parse(u); err != nil {
		return fmt.Errorf("dynamodb: %w", err)
	}
	return nil
}

// Open opens the store that u names; see the package's comment. Without create= Open does not check
// that the table exists.
func Open(ctx context.Context, u *url.URL) (*Store, error) {
	s, err := open(ctx, u)
	if err != nil {
		return nil, store.Redact(u, fmt.Errorf("dynamodb: %s: %w", u.Host, err))
	}
	return s, nil
}

func open(ctx context.Context, u *url.URL) (*Store, error) {
	settings, err := parse(u)
	if err != nil {
		return nil, err
	}
	var load []func(*config.LoadOptions) error
	if settings.region != "" {
		load = append(load, config.WithRegion(settings.region))
	}
	if settings.profile != "" {
		load = append(load, config.WithSharedConfigProfile(settings.profile))
	}
	c, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, err
	}
	client := dynamodb.NewFromConfig(c, func(o *dynamodb.Options) {
		if settings.endpoint != "" {
			o.BaseEndpoint = &settings.endpoint
		}
	})
	if settings.create && !store.OnlyLooks(ctx) {
		if err := create(ctx, client, settings.table); err != nil {
			return nil, err
		}
	}
	s := &Store{settings: settings, client: client, calls: calls.New("dynamodb", settings.timeout)}
	s.leases = leases.New(leaseItems{s})
	return s, nil
}

func parse(u *url.URL) (settings, error) {
	s := settings{
		table: u.Host, prefix: strings.Trim(u.Path, "/"), timeout: defaultTimeout, largeAge: defaultLargeAge, maxValue: defaultMaxValue,
	}
	if s.table == "" || u.User != nil {
		return s, errors.New("the URL names no table, or a user too: write dynamodb://table")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return s, err
	}
	for name := range query {
		value := query.Get(name)
		switch name {
		case "region":
			s.region = value
		case "profile":
			s.profile = value
		case "endpoint":
			s.endpoint = value
		case "create":
			s.create = true
			if value != "" {
				s.create, err = strconv.ParseBool(value)
			}
		case "timeout":
			s.timeout, err = parseDuration(value)
		case "large-age":
			s.largeAge, err = parseDuration(value)
		case "max-value":
			s.maxValue, err = units.Bytes(value)
		case "keep":
			s.keep, err = keep.Parse(value)
		default:
			return s, store.UnknownOption(name, "region", "profile", "endpoint", "create", "timeout", "large-age", "max-value", "keep")
		}
		if err == nil && s.maxValue > maxSize {
			err = errors.New("over 1GiB")
		}
		if err != nil {
			return s, fmt.Errorf("option %s=%s: %w", name, value, err)
		}
	}
	return s, nil
}

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err == nil && d <= 0 {
		err = errors.New("not positive")
	}
	return d, err
}

// create makes the table if there is none, and waits until it is there.
func create(ctx context.Context, client *dynamodb.Client, table string) error {
	_, err := client.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName:            &table,
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String(keyName), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String(keyName), KeyType: types.KeyTypeHash}},
	})
	_, exists := errors.AsType[*types.ResourceInUseException](err)
	if err != nil && !exists {
		return err
	}
	active := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay = 100 * time.Millisecond })
	if err := active.Wait(ctx, &dynamodb.DescribeTableInput{TableName: &table}, creation); err != nil || exists {
		return err
	}
	_, err = client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: &table,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String(expiresName), Enabled: aws.Bool(true),
		},
	})
	if e, ok := errors.AsType[smithy.APIError](err); ok && e.ErrorCode() == "UnknownOperationException" {
		return nil // Servers for development keep things for ever.
	}
	return err
}
