// Package tenants is an HTTP client whose answers are cached as HTTP says: apart for each tenant
// and language, for as long as the server's Cache-Control allows, and for an hour longer if the
// server fails.
//
//	ctx = tenants.With(ctx, "acme")
//	page, err := tenants.Get(ctx, http.DefaultClient, "https://example.com/prices")
//
// What the request takes out of the context is named in vary, as HTTP's Vary names headers; a read
// of the context that vary doesn't name is an error of cachegen, since one tenant would be given
// what is another one's.
package tenants

//go:generate go run ../../cmd/cachegen .

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type (
	tenantKey   struct{}
	languageKey struct{}
)

// With returns a context for a tenant.
func With(ctx context.Context, tenant string) context.Context {
	return context.WithValue(ctx, tenantKey{}, tenant)
}

// WithLanguage returns a context in which pages are in a language.
func WithLanguage(ctx context.Context, language string) context.Context {
	return context.WithValue(ctx, languageKey{}, language)
}

// tenant is whose request it is.
func tenant(ctx context.Context) string {
	s, _ := ctx.Value(tenantKey{}).(string)
	return s
}

// language is what the page is to be in, "en" by default.
func language(ctx context.Context) string {
	if s, ok := ctx.Value(languageKey{}).(string); ok {
		return s
	}
	return "en"
}

// Page is what a server answered.
type Page struct {
	Body string
	// MaxAge is for how long the server says that it holds; 0 if it says nothing, or that it is not
	// to be stored.
	MaxAge time.Duration
}

// freshness is the max-age of a page.
func freshness(p Page) time.Duration { return p.MaxAge }

// get fetches a page. The wrapper is what others call: Get.
//
//cache:auto name=Get ignore=client
//cache:with vary=tenant,language
//cache:with max-age=freshness stale-if-error=1h
//cache:with reviewed // the network: how long an answer holds is the server's to say
func get(ctx context.Context, client *http.Client, url string) (Page, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return Page{}, err
	}
	request.Header.Set("X-Tenant", tenant(ctx))
	request.Header.Set("Accept-Language", language(ctx))
	response, err := client.Do(request)
	if err != nil {
		return Page{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return Page{}, fmt.Errorf("%s: %s", url, response.Status)
	}
	body, err := io.ReadAll(response.Body)
	return Page{string(body), maxAge(response.Header.Get("Cache-Control"))}, err
}

// maxAge returns the age that a Cache-Control header allows (RFC 9111, section 5.2.2).
func maxAge(header string) (age time.Duration) {
	for directive := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(name) {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			if seconds, err := strconv.ParseUint(strings.Trim(value, `"`), 10, 31); err == nil {
				age = time.Duration(seconds) * time.Second
			}
		}
	}
	return age
}
