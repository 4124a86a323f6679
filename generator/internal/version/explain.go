package version

import (
	"github.com/cachegen/cachegen/generator/internal/version/closure"
)

// Explanation is what a version is made of and why each part is in it, as plain data: two of them can be compared. Its JSON form is what
// cachegen why -json prints.
type Explanation struct {
	Function string   `json:"function"`
	Version  string   `json:"version"`
	Modules  []string `json:"modules"`
	Linked   []string `json:"linked,omitempty"`
	// Parts are the definitions that the version is a hash of, and what leads to them, each after the one that leads to it by a shortest
	// path. The first is the function's wrapper or, under policy body, the function.
	Parts []closure.Definition `json:"parts"`
	// Warnings tell what the function reaches that no version can see.
	Warnings []string `json:"warnings,omitempty"`
}
