package layer

import (
	"net/url"
	"strings"

	"github.com/cachegen/cachegen/runtime/store"
)

// Place says where the store is that urls name, without what may be secret in them: the path of a
// folder, if s is one that is open, or else the URLs without user, password and options. A nil s is
// a store that is not open yet.
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
