package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/tools/go/packages"
)

// ask asks the go command about packages. Where files that cachegen wrote are what it complains
// about it is asked again without them: they are about to be made anew.
func ask(ctx context.Context, cfg Config, mode packages.LoadMode, patterns ...string) ([]*packages.Package, error) {
	found, err := packages.Load(driver(ctx, cfg, mode), patterns...)
	if err != nil {
		return nil, inItsWords(err)
	}
	if damaged := cfg.damagedIn(found); len(damaged) > 0 {
		cfg.Overlay = cfg.with(damaged)
		found, err = packages.Load(driver(ctx, cfg, mode), patterns...)
	}
	return found, inItsWords(err)
}

// with returns an overlay for the go command with some files more. It takes the place of that in
// GOFLAGS.
func (cfg Config) with(files map[string][]byte) map[string][]byte {
	all := map[string][]byte{}
	for name, src := range cfg.replaced {
		if src != nil {
			all[name] = src
		}
	}
	maps.Copy(all, cfg.Overlay)
	maps.Copy(all, files)
	return all
}

// inItsWords leaves of an error what the go command said.
func inItsWords(err error) error {
	if err == nil {
		return nil
	}
	if _, said, ok := strings.Cut(err.Error(), "stderr: "); ok {
		return errors.New(strings.TrimPrefix(strings.TrimSpace(said), "go: "))
	}
	return err
}

// driver is the go/packages configuration for the pinned platform.
func driver(ctx context.Context, cfg Config, mode packages.LoadMode) *packages.Config {
	var flags []string
	if len(cfg.Tags) > 0 {
		flags = append(flags, "-tags="+strings.Join(cfg.Tags, ","))
	}
	if cfg.modFile != "" {
		flags = append(flags, "-modfile="+cfg.modFile)
	}
	return &packages.Config{
		Context:    ctx,
		Mode:       mode,
		Dir:        cfg.Dir,
		Env:        append(environ(), "GOFLAGS="+cfg.goFlags),
		BuildFlags: flags,
		Overlay:    cfg.Overlay,
	}
}

// environ pins the platform: what is generated must not depend on the host. The comma is an empty
// list of experiments: of an empty text the go command thinks that go env -w decides.
func environ() []string {
	return append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "GOAMD64=v1", "CGO_ENABLED=0", "GOEXPERIMENT=,")
}

// environment is the part of go env that loading needs.
type environment struct{ goMod, goWork, goVersion, moduleCache, goFlags string }

func goEnv(ctx context.Context, cfg Config) (environment, error) {
	// GOFLAGS may have flags of go env.
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "-changed=false", "-u=false", "-w=false", "GOMOD", "GOWORK", "GOVERSION", "GOMODCACHE", "GOFLAGS")
	cmd.Dir = cfg.Dir
	cmd.Env = os.Environ()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		said := strings.TrimRight("\n"+stderr.String(), "\n")
		return environment{}, fmt.Errorf("go env: %w%s", err, said)
	}
	var env struct{ GOMOD, GOWORK, GOVERSION, GOMODCACHE, GOFLAGS string }
	if err := json.Unmarshal(out, &env); err != nil {
		return environment{}, fmt.Errorf("go env: %w", err)
	}
	return environment{env.GOMOD, env.GOWORK, env.GOVERSION, env.GOMODCACHE, env.GOFLAGS}, nil
}
