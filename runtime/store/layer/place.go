package layer

import (
	"net/url"
	"strings"

	"github.com/cachegen/cachegen/runtime/store"
)

// Place returns the place of the store that urls name, without secrets. If s is an open folder, it
// is the folder's path; otherwise it is the URLs without user, password and options. A nil s is a
// store that is not open yet.
func Place(s store.Store, urls string) string {
	type folder interface {
		store.Store
		Folder() string
	}
	if s != nil {
		if d, ok := store.As[folder](s); ok {
			return d.Folder()
		}
	}
	var places []string
	for raw := range strings.FieldsSeq(urls) {
		if u, err := store.Parse(raw); err == nil {
			places = append(places, (&url.URL{Scheme: u.Scheme, Opaque: u.Opaque, Host: u.Host, Path: u.Path}).String())
		}
	}
	return strings.Join(places, " ")
}
