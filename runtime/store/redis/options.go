package redis

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/internal/units"
	"github.com/cachegen/cachegen/runtime/store"
)

// settings are what a URL says.
type settings struct {
	client   rueidis.ClientOption
	prefix   string
	timeout  time.Duration
	keep     time.Duration // 0: for ever.
	longest  time.Duration // Of an execution, where marks are to go.
	maxValue int64
}

const (
	defaultPrefix   = "cachegen:"
	defaultTimeout  = 2 * time.Second
	defaultMaxValue = 64 << 20
	// greatestValue is Redis' proto-max-bulk-len: it cuts the connection of who sends more.
	greatestValue = 512 << 20

	// topologyInterval is how often cluster and sentinels are asked who the primaries are, beyond
	// what they tell.
	topologyInterval = 5 * time.Second
	bufferSize       = 64 << 10
)

// options are the names that a URL's query may have, with what they do.
var options = map[string]func(s *settings, values []string) error{
	"addr": func(s *settings, values []string) error {
		for _, v := range values {
			addr, err := address(v, "")
			if err != nil {
				return err
			}
			s.client.InitAddress = append(s.client.InitAddress, addr)
		}
		return nil
	},
	"prefix": func(s *settings, values []string) error {
		s.prefix = values[0]
		return nil
	},
	"timeout": func(s *settings, values []string) (err error) {
		if s.timeout, err = time.ParseDuration(values[0]); err == nil && s.timeout <= 0 {
			err = errors.New("not positive")
		}
		return err
	},
	"keep": func(s *settings, values []string) (err error) {
		if s.keep, err = time.ParseDuration(values[0]); err == nil && s.keep <= 0 {
			err = errors.New("not positive")
		}
		return err
	},
	"max-value": func(s *settings, values []string) (err error) {
		if s.maxValue, err = units.Bytes(values[0]); s.maxValue > greatestValue {
			err = errors.New("over 512MiB, which is the most that Redis takes")
		}
		return err
	},
	"client-name": func(s *settings, values []string) error {
		s.client.ClientName = values[0]
		return nil
	},
	"master": func(s *settings, values []string) error {
		s.client.Sentinel.MasterSet = values[0]
		return nil
	},
	"sentinel-user": func(s *settings, values []string) error {
		s.client.Sentinel.Username = values[0]
		return nil
	},
	"sentinel-password": func(s *settings, values []string) error {
		s.client.Sentinel.Password = values[0]
		return nil
	},
	// The rest is about TLS.
	"ca": nil, "cert": nil, "key": nil, "insecure": nil,
}

// parse reads a URL. Nothing is connected.
func parse(u *url.URL) (settings, error) {
	s, err := parseAll(u)
	if err != nil {
		err = fmt.Errorf("redis: %w", err)
	}
	return s, err
}

func parseAll(u *url.URL) (settings, error) {
	s := settings{prefix: defaultPrefix, timeout: defaultTimeout, maxValue: defaultMaxValue, longest: longest}
	if u.Opaque != "" {
		return s, errors.New("the URL has no slashes: write redis://host:port")
	}
	addr, err := address(u.Host, "localhost")
	if err != nil {
		return s, err
	}
	s.client.InitAddress = []string{addr}
	if u.User != nil {
		s.client.Username = u.User.Username()
		s.client.Password, _ = u.User.Password()
	}
	if db := strings.Trim(u.Path, "/"); db != "" {
		if s.client.SelectDB, err = strconv.Atoi(db); err != nil || s.client.SelectDB < 0 {
			return s, errors.New("what follows the host is no number of a database")
		}
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return s, err
	}
	for name, values := range query {
		set, ok := options[name]
		if !ok {
			return s, store.UnknownOption(name, slices.Sorted(maps.Keys(options))...)
		}
		if set == nil {
			continue
		}
		if err := set(&s, values); err != nil {
			return s, fmt.Errorf("option %s=%s: %w", name, strings.Join(values, ","), err)
		}
	}
	if s.client.TLSConfig, err = transport(u.Scheme, query); err != nil {
		return s, err
	}
	s.complete()
	return s, nil
}

// complete sets what follows from the rest, and what no option is for.
func (s *settings) complete() {
	s.client.Sentinel.TLSConfig = s.client.TLSConfig
	s.client.Sentinel.TopologyRefreshInterval = topologyInterval
	s.client.ClusterOption.ShardsRefreshInterval = topologyInterval
	s.client.Dialer.Timeout = s.timeout
	s.client.Dialer.KeepAlive = time.Second
	s.client.ConnWriteTimeout = s.timeout
	s.client.DisableRetry = true
	s.client.ReadBufferEachConn = bufferSize
	s.client.WriteBufferEachConn = bufferSize
}

// transport returns how TLS is spoken; nil: not at all.
func transport(scheme string, query url.Values) (*tls.Config, error) {
	if scheme != "rediss" {
		for _, name := range []string{"ca", "cert", "key", "insecure"} {
			if query.Has(name) {
				return nil, fmt.Errorf("option %q is for the scheme rediss", name)
			}
		}
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if query.Has("insecure") {
		insecure, err := strconv.ParseBool(cmp.Or(query.Get("insecure"), "true"))
		if err != nil {
			return nil, fmt.Errorf("option insecure: %w", err)
		}
		config.InsecureSkipVerify = insecure
	}
	if file := query.Get("ca"); file != "" {
		pem, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("option ca: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("option ca: no certificate in %s", file)
		}
	}
	if query.Has("cert") || query.Has("key") {
		pair, err := tls.LoadX509KeyPair(query.Get("cert"), query.Get("key"))
		if err != nil {
			return nil, fmt.Errorf("options cert and key: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// address completes a host with the port that Redis uses.
func address(hostport, defaultHost string) (string, error) {
	u := url.URL{Host: hostport}
	host, port := cmp.Or(u.Hostname(), defaultHost), cmp.Or(u.Port(), "6379")
	if host == "" {
		return "", errors.New("an address has no host")
	}
	return net.JoinHostPort(host, port), nil
}
