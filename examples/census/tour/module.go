package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// release is the version that the repository has for the copy.
var release = module.Version{Path: home, Version: "v0.1.0"}

// writeModule makes the copy a module that requires a release of the repository, as a user's module
// does. A directory in its place would have no version: results would be good for one binary alone.
// The release is published in a folder, next to what the machine has of other modules, so nothing
// is downloaded that is there.
func (t *visit) writeModule(root string) error {
	out, err := exec.Command("go", "env", "GOMODCACHE", "GOPROXY").Output()
	if err != nil {
		return err
	}
	cache, proxy, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	published := filepath.Join(t.dir, ".proxy")
	t.modules = []string{
		"GOFLAGS=-mod=mod -modcacherw", "GOMODCACHE=" + filepath.Join(t.dir, ".modules"), "GONOSUMDB=" + home, "GOTOOLCHAIN=local",
		"GOPROXY=" + strings.Join([]string{fileURL(published), fileURL(filepath.Join(cache, "cache", "download")), proxy}, ","),
	}
	gomod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	if err := publish(published, root, gomod); err != nil {
		return fmt.Errorf("packing the repository: %w", err)
	}
	gosum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	own := fmt.Sprintf("module census\n\nrequire %s %s\n", release.Path, release.Version)
	gomod = bytes.Replace(gomod, []byte("module "+home+"\n"), []byte(own), 1)
	return errors.Join(t.write("go.mod", gomod), t.write("go.sum", gosum))
}

// publish writes what a module proxy has of the release.
func publish(dir, root string, gomod []byte) error {
	dir = filepath.Join(dir, filepath.FromSlash(home), "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	name := filepath.Join(dir, release.Version)
	info := fmt.Appendf(nil, `{"Version": %q, "Time": "2026-01-01T00:00:00Z"}`, release.Version)
	if err := errors.Join(os.WriteFile(name+".info", info, 0o644), os.WriteFile(name+".mod", gomod, 0o644)); err != nil {
		return err
	}
	file, err := os.Create(name + ".zip")
	if err != nil {
		return err
	}
	return errors.Join(zip.CreateFromDir(file, release, root), file.Close())
}

// fileURL returns the URL of a folder.
func fileURL(dir string) string {
	dir = filepath.ToSlash(dir)
	if !strings.HasPrefix(dir, "/") {
		dir = "/" + dir // C:/…
	}
	return "file://" + dir
}
