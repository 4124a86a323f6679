package manual_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/manual"
	"github.com/cachegen/cachegen/internal/walk"
)

// isConsole reports whether an example is a list of commands.
func isConsole(code string) bool { return strings.HasPrefix(code, "$ ") }

// TestConsole follows the pages whose examples are commands, in a repository with one cached function. The last command of the mistake gets one of the
// messages of its page; after it, all commands of each way out succeed.
func TestConsole(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the examples are lines of a shell")
	}
	start := repository(t)
	n := 0
	for p := range manual.Pages() {
		if !isConsole(p.Mistake) {
			continue
		}
		n++
		t.Run(p.Code, func(t *testing.T) {
			w := start.Copy(t)
			said, err := w.Run(script(p.Mistake))
			if found := manual.Find(said); err == nil || found != p {
				t.Fatalf("the mistake succeeds: %t; it says %q", err == nil, said)
			}
			for _, way := range p.Ways {
				w := start.Copy(t)
				_, _ = w.Run(script(p.Mistake))
				if said, err := w.Run(script(way.Code)); err != nil {
					t.Errorf("to %s fails: %s", way.Title, said)
				}
			}
		})
	}
	if n == 0 {
		t.Error("no page has commands")
	}
}

// script is the commands of a console as shell.
func script(console string) string {
	var lines strings.Builder
	for command := range walk.Commands(console) {
		lines.WriteString(command + "\n")
	}
	return lines.String()
}

// repository makes a repository whose generated code is up to date.
func repository(t *testing.T) *walk.Walk {
	t.Helper()
	w := walk.New(t)
	w.Command(t)
	w.Write(t, "weather.go", `package weather

import "fmt"

// Forecast tells what the weather will be.
//
//cache:auto
func Forecast(city string, days int) string { return fmt.Sprint(city, days) }
`)
	w.Must(t, `go mod init example.com/m && go get -tool github.com/cachegen/cachegen/cmd/cachegen
cachegen
printf '.cache\n' > .gitignore
git init -q -b main && git add -A && git commit -qm weather`)
	return w
}
