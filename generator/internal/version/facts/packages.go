package facts

// PackageInfo is what is known about any package.
type PackageInfo struct {
	Local    bool
	Standard bool
	Module   string // path of its module
	// Place says where that module is whose code counts by definition: "workspace", "vendor", the directory that replaces it as
	// go.mod has it, or "" if its version counts.
	Place    string
	Vendored bool
	Errors   []Error
	// Imports are the packages that it imports, by path, unless it is in the standard library. Of
	// those that are, Registers are the registries that they import, directly and not, and may put
	// code into.
	Imports, Registers []string
	Dir                string
	Files              []string // of a vendored package
	// Ignored are the files of a package of the user's that the target leaves out.
	Ignored []string
	// Program says that it is a main package of the user's; then tests are the files of its tests.
	Program bool
	Tests   []string
}
