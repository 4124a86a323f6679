package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// TestPruneIdle bounds a Redis whose entries were last used long ago, each at another time. Looking at them is a use to servers before
// Redis 7.2, which must not make all of them recent.
func TestPruneIdle(t *testing.T) {
	s := server.StartRedis(t)
	url := s.URL(s.Addr, "team")
	fill(t, url, "v1:1", 0, 40)
	names := itemNames(t, "ls", "-store", url)
	slices.Sort(names)
	age(t, s.Addr)

	pruned := itemNames(t, "prune", "-max-bytes", "5kB", "-store", url)
	if len(pruned) < 10 || len(pruned) > 30 {
		t.Fatalf("%d of 40 entries are pruned, want about half", len(pruned))
	}
	slices.Sort(pruned)
	if want := names[len(names)-len(pruned):]; !slices.Equal(pruned, want) {
		t.Errorf("pruned are %q, want those that were not used for longest: %q", pruned, want)
	}
}

// itemNames returns the names that a verb of cachegen cache prints.
func itemNames(t *testing.T, args ...string) []string {
	t.Helper()
	var items []struct{ Name string }
	_, out, _ := strings.Cut(run(t, slices.Concat([]string{"cache"}, args, []string{"-json"})...), "\n") // after the store's name
	if err := json.Unmarshal([]byte(out), &items); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, item := range items {
		names = append(names, item.Name)
	}
	return names
}

// age has items be written long ago, and used the longer ago the later they are in the order of their names.
func age(t *testing.T, addr string) {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, `EVAL "local names = redis.call('KEYS', 'team:i:*') table.sort(names) for i, name in ipairs(names) do`+
		` redis.call('SETRANGE', name, 20, string.rep(string.char(0), 8))`+
		` redis.call('RESTORE', name, 0, redis.call('DUMP', name), 'REPLACE', 'IDLETIME', 1000 * i) end return #names" 0`+"\r\n")
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.HasPrefix(line, ":4") {
		t.Fatalf("%q, %v", line, err)
	}
}
