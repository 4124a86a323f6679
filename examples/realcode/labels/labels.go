// Package labels asks a forge for the labels of a repository, as command line tools do: a client
// with a host, and a repository behind an interface.
package labels

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Repo is a repository, wherever it comes from.
type Repo interface {
	Owner() string
	Name() string
}

// Named is a repository that was typed.
type Named struct{ owner, name string }

// NewRepo returns the repository with a name.
func NewRepo(owner, name string) Named { return Named{owner, name} }

// Owner is who owns it.
func (n Named) Owner() string { return n.owner }

// Name is what it is called.
func (n Named) Name() string { return n.name }

// Client talks to one host. What answers depends on the host, and not on how it is asked.
type Client struct {
	Host string
	HTTP *http.Client
}

// Label is a label.
type Label struct {
	Name  string `json:"name"`
	Color string `json:"color"`
}

// labels asks for all labels of a repository.
//
//cache:auto name=Labels max-age=10m key=c.Host,repo.Owner(),repo.Name()
func (c *Client) labels(ctx context.Context, repo Repo) ([]Label, error) {
	url := fmt.Sprintf("%s/repos/%s/%s/labels", c.Host, repo.Owner(), repo.Name())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	var found []Label
	return found, json.NewDecoder(response.Body).Decode(&found)
}
