// Package feeds parses feeds, as readers of news do: from a stream, which is read before the cache
// is asked.
package feeds

import (
	"encoding/xml"
	"io"
	"strings"
)

// Feed is what was parsed.
type Feed struct {
	URL, Title string
	Items      []*Item
}

// Item is an entry of a feed.
type Item struct{ Title, Link string }

// Parse reads a feed. A feed that was parsed before, whoever reads it, is parsed no more.
func Parse(url string, r io.Reader) (*Feed, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return cachedParse(url, data)
}

//cache:auto
func parse(url string, data []byte) (*Feed, error) {
	var document struct {
		Title string `xml:"channel>title"`
		Items []struct {
			Title string `xml:"title"`
			Link  string `xml:"link"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal(append([]byte(nil), data...), &document); err != nil {
		return nil, err
	}
	feed := &Feed{URL: url, Title: strings.TrimSpace(document.Title)}
	for _, item := range document.Items {
		feed.Items = append(feed.Items, &Item{strings.TrimSpace(item.Title), item.Link})
	}
	return feed, nil
}
