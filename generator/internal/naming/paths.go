package naming

// Import paths of the runtime.
const (
	// RuntimePath is what users import.
	RuntimePath = "github.com/cachegen/cachegen/runtime"
	// ImplPath is what generated code calls. It imports RuntimePath.
	ImplPath = RuntimePath + "/cacheimpl"
)
