package stdmodel

import "github.com/cachegen/cachegen/generator/internal/version/facts"

// LooksIntoContext reports whether a function that is given a context may tell what is in it. Those that only hand it on, wait for its end,
// or put something into it don't.
func LooksIntoContext(id facts.ID) bool {
	switch id.Package {
	case "context":
		return id.Name == "Cause"
	case "runtime/pprof":
		return id.Name == "ForLabels" || id.Name == "Label"
	case "net/http/httptrace":
		return id.Name == "ContextClientTrace"
	case "crypto/tls", "database/sql", "database/sql/driver", "log/slog", "net", "net/http", "net/http/httptest", "os/exec", "os/signal",
		"runtime/trace", "testing", "testing/slogtest":
		return false
	}
	return true
}
