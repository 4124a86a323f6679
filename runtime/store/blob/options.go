package blob

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/cachegen/cachegen/internal/units"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/keep"
)

// settings are the options for this package in a URL. All other options are for the driver.
type settings struct {
	folder   string // Ends in a slash, or is empty.
	timeout  time.Duration
	maxValue int64
	endpoint string // For gs.
	keep     keep.Duration
}

const (
	defaultTimeout  = 15 * time.Second
	defaultMaxValue = 256 << 20
)

// parse reads a URL and returns what is left of it for the driver.
func parse(u *url.URL) (settings, *url.URL, error) {
	s := settings{timeout: defaultTimeout, maxValue: defaultMaxValue}
	if u.Host == "" || strings.Contains(u.Host, ":") || u.User != nil {
		return s, nil, errors.New("the URL names no bucket, or more than that: write s3://bucket")
	}
	if folder := strings.Trim(u.Path, "/"); folder != "" {
		if path.Clean(folder) != folder || store.CheckPath(folder) != nil {
			return s, nil, errors.New("what follows the bucket is no clean path")
		}
		s.folder = folder + "/"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return s, nil, err
	}
	if v := query.Get("timeout"); v != "" {
		if s.timeout, err = time.ParseDuration(v); err != nil || s.timeout <= 0 {
			return s, nil, fmt.Errorf("option timeout=%s: not a positive duration", v)
		}
	}
	if v := query.Get("max-value"); v != "" {
		if s.maxValue, err = units.Bytes(v); err != nil {
			return s, nil, fmt.Errorf("option max-value=%s: %w", v, err)
		}
	}
	if v := query.Get("keep"); v != "" {
		if s.keep, err = keep.Parse(v); err != nil {
			return s, nil, fmt.Errorf("option keep=%s: %w", v, err)
		}
	}
	query.Del("timeout")
	query.Del("keep")
	query.Del("max-value")
	if u.Scheme == "gs" {
		s.endpoint = query.Get("endpoint")
		query.Del("endpoint")
	}
	if u.Scheme == "s3" && !query.Has("response_checksum_validation") {
		query.Set("response_checksum_validation", "when_required") // Items have their own sums, and the SDK would log what it can't check.
	}
	return s, &url.URL{Scheme: u.Scheme, Host: u.Host, RawQuery: query.Encode()}, nil
}
