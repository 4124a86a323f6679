package redis

import (
	"errors"
	"testing"
)

// TestPuts goes through what can happen while puts of one key are under way: b begins one, + - !
// end one that wrote, lost, failed, t is the server telling of a change.
func TestPuts(t *testing.T) {
	for events, want := range map[string]bool{
		"t":       true,  // Nobody of ours.
		"bt+":     false, // Our own.
		"b+t":     true,  // Another's, after ours.
		"btt+":    true,  // Another's before or after ours.
		"b-":      false, // Lost to what was told before.
		"bt-":     true,  // Lost to this one.
		"b!":      true,  // Who knows.
		"bt!":     true,  // Ours, or not.
		"bbtt++":  false, // Two of ours.
		"bbt+t+":  false,
		"bbt+-":   false,
		"bbtt+-":  true,
		"bbttt++": true,
		"bt+bt+":  false,
		"btt+bt+": true,
		"bbt!+":   true,
	} {
		n := newNews()
		w, end := n.watch()
		for _, event := range events {
			switch event {
			case 'b':
				n.beginPut("e/x")
			case 't':
				n.changed("e/x")
			case '+':
				n.endPut("e/x", true, nil)
			case '-':
				n.endPut("e/x", false, nil)
			case '!':
				n.endPut("e/x", false, errors.New("failed"))
			}
		}
		changed, _ := w.take()
		if _, got := changed["e/x"]; got != want {
			t.Errorf("%s: reported %v, want %v", events, got, want)
		}
		if len(n.puts) != 0 {
			t.Errorf("%s: puts are left under way", events)
		}
		end()
	}
}
