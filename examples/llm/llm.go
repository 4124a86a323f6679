// Package llm asks a language model. Its tests ask nobody: they play back answers that were
// recorded in testdata/recorded, as files that people can read. So they cost nothing, always get
// the same, and need no network.
//
//	go test ./examples/llm                                          # plays back
//	LLM_URL=https://… CACHEGEN_RECORD=all go test ./examples/llm    # asks again, and records
//
// A question that was not recorded fails its test in CI, which says why and which command records
// it. The version that override names decides how long recordings are good for: it stays while code
// is merely moved around. When [Client.Ask] asks in another way, say version=2 there and record
// again. With //cache:auto each change of what the code means would ask for new recordings.
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
//cache:override version=1 name=Ask ignore=c reviewed
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
