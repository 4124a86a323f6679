package golangci_test

import (
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/cachegen/cachegen/generator/analyzer"
	"github.com/cachegen/cachegen/generator/golangci"
)

// TestPlugin gets the plugin as golangci-lint does: by its name.
func TestPlugin(t *testing.T) {
	build, err := register.GetPlugin("cachegen")
	if err != nil {
		t.Fatal(err)
	}
	p, err := build(nil)
	if err != nil {
		t.Fatal(err)
	}
	analyzers, err := p.BuildAnalyzers()
	if err != nil || len(analyzers) != 1 || analyzers[0] != analyzer.Analyzer {
		t.Errorf("%v, %v", analyzers, err)
	}
	if err := analysis.Validate(analyzers); err != nil {
		t.Error(err)
	}
	if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode %q", mode)
	}
}

// TestSettings sees that a setting, which must be a mistake, is told.
func TestSettings(t *testing.T) {
	if _, err := golangci.New(map[string]any{"werror": true}); err == nil {
		t.Error("settings are taken")
	}
}
