// Package golangci makes cachegen's analyzer a linter of golangci-lint, as a module plugin. It is a
// module of its own, so that nobody else depends on golangci-lint's registry.
//
// Write .custom-gcl.yml next to .golangci.yml, and build a golangci-lint of your own with
// golangci-lint custom:
//
//	version: v2.6.0
//	plugins:
//	  - module: github.com/cachegen/cachegen/generator/golangci
//	    version: v0.1.0
//
// Then switch the linter on in .golangci.yml:
//
//	version: "2"
//	linters:
//	  enable: [cachegen]
//	  settings:
//	    custom:
//	      cachegen:
//	        type: module
//	        description: mistakes in cache directives, and generated code that is not up to date
package golangci

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/cachegen/cachegen/generator/analyzer"
)

func init() { register.Plugin("cachegen", New) }

// New returns the plugin. It has no settings.
func New(settings any) (register.LinterPlugin, error) {
	if settings != nil {
		return nil, fmt.Errorf("cachegen: the linter has no settings, but there are %v", settings)
	}
	return plugin{}, nil
}

type plugin struct{}

// BuildAnalyzers returns the analyzer.
func (plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{analyzer.Analyzer}, nil
}

// GetLoadMode says that the analyzer wants types.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
