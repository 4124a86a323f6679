package build

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
)

// binary returns a digest of the running program. Where that can't be read it is a text that no
// other process has: the executable is somebody else's if this is a library.
func (p *program) binary() string {
	h := sha256.New()
	if mode := p.setting("-buildmode"); mode != "" && mode != "exe" && mode != "pie" || read(h) != nil {
		return "process " + rand.Text()
	}
	return "binary " + hex.EncodeToString(h.Sum(nil))
}

func read(w io.Writer) error {
	f, err := open()
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// open opens the running program: on Linux itself, elsewhere what is at its path.
func open() (*os.File, error) {
	if f, err := os.Open("/proc/self/exe"); err == nil {
		return f, nil
	}
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}
