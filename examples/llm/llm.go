// Package llm asks a language model, and its answers are recorded for tests: they are kept in the folder testdata/answers, which is
// committed, and tests run frozen, so that they ask nobody, cost nothing and always get the same.
//
//	go test ./examples/llm                              # replays
//	CACHEGEN_MODE=refresh go test ./examples/llm        # asks again, and records
//
// The second needs a server at LLM_URL. A question that was not recorded fails its test with [cache.ErrFrozen]. The recording is of the version
// that override names, not of the code, so it outlives refactorings; when another version of [Client.Ask] asks in another way, say so
// there and record again.
package llm

//go:generate go run ../../cmd/cachegen .

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Message is something that was said.
type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Question is what is sent to the model. All of it identifies the answer.
type Question struct {
	Model       string    `json:"model"`
	Temperature float64   `json:"temperature"`
	Messages    []Message `json:"messages"`
}

// Answer is what comes back.
type Answer struct {
	Message Message `json:"message"`
	Tokens  int     `json:"tokens"`
}

// Client is who asks. Neither the server nor the token changes what a model answers.
type Client struct {
	URL, Token string
}

// ask asks the server.
//
//cache:override version=1 name=Ask ignore=c
func (c *Client) ask(ctx context.Context, q Question) (Answer, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return Answer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	request.Header.Set("Authorization", "Bearer "+c.Token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return Answer{}, fmt.Errorf("%s: %s", c.URL, response.Status)
	}
	var a Answer
	return a, json.NewDecoder(response.Body).Decode(&a)
}

// Summary asks for a text in one sentence.
func (c *Client) Summary(ctx context.Context, text string) (string, error) {
	a, err := c.Ask(ctx, Question{
		Model: "small", Temperature: 0,
		Messages: []Message{{"system", "Answer in one sentence."}, {"user", "Summarise: " + text}},
	})
	return a.Message.Content, err
}
