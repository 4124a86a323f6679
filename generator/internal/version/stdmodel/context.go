package stdmodel

import (
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// IsContext reports whether t is context.Context.
func IsContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}

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
