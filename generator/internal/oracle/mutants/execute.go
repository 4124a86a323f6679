package mutants

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/cachegen/cachegen/generator/internal/oracle/mutants/schema"
)

// patience is how long a process may take for one mutant.
const patience = 5 * time.Second

// process is a running binary that takes orders.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers chan schema.Answer
}

// start starts the binary: in mode mutants, or in mode start with a mutant on.
func (b *binary) start(ctx context.Context, mode, baseline string, mutant int) (*process, error) {
	cmd := exec.CommandContext(ctx, b.file, mode, b.texts, baseline)
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), fmt.Sprint("MUTANT=", mutant), "MUTANT_RECORD=", "GOMEMLIMIT=2GiB", "GOMAXPROCS=2")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd, in, make(chan schema.Answer)}
	go func() {
		defer close(p.answers)
		d := json.NewDecoder(bufio.NewReader(out))
		for {
			var a schema.Answer
			if d.Decode(&a) != nil {
				return
			}
			p.answers <- a
		}
	}()
	return p, nil
}

// execute gives an order. It reports false if the process ended, or had to be ended.
func (p *process) execute(o schema.Order) (schema.Answer, bool) {
	if json.NewEncoder(p.in).Encode(o) != nil {
		p.end()
		return schema.Answer{}, false
	}
	select {
	case a, ok := <-p.answers:
		if !ok {
			p.end()
		}
		return a, ok
	case <-time.After(patience):
		p.end()
		return schema.Answer{}, false
	}
}

// end ends the process.
func (p *process) end() {
	p.in.Close()
	_ = p.cmd.Process.Kill()
	for range p.answers {
	}
	_ = p.cmd.Wait()
}

// baseline runs the binary with no mutant, and keeps what it says in a file. Functions that end the process are left out.
func (b *binary) baseline(ctx context.Context, file string) (*schema.Baseline, error) {
	var skipped []string
	for {
		out, last, err := b.tryBaseline(ctx, skipped)
		if err == nil {
			return readBaseline(out, file)
		}
		if last == "" || slices.Contains(skipped, last) || ctx.Err() != nil {
			return nil, err
		}
		skipped = append(skipped, last)
	}
}

// tryBaseline returns what the binary prints and, if it fails, the number of the function that it called last.
func (b *binary) tryBaseline(ctx context.Context, skipped []string) (out []byte, last string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.file, "baseline", b.texts)
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), "MUTANT=0", "MUTANT_RECORD=1", "GOMAXPROCS=2", "MUTANT_SKIP="+strings.Join(skipped, " "))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err = cmd.Output()
	if err == nil {
		return out, "", nil
	}
	for line := range strings.Lines(stderr.String()) {
		if n, ok := strings.CutPrefix(line, schema.Calling); ok {
			last = strings.TrimSpace(n)
		}
	}
	return nil, last, fmt.Errorf("%w: %s", err, stderr.Bytes()[max(0, stderr.Len()-2000):])
}

// readBaseline reads what the binary printed, and writes it to a file.
func readBaseline(out []byte, file string) (*schema.Baseline, error) {
	var base schema.Baseline
	// What the module itself prints comes before.
	err := json.Unmarshal(out[max(0, bytes.LastIndex(out, []byte(`{"Start":`))):], &base)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(base)
	if err != nil {
		return nil, err
	}
	return &base, os.WriteFile(file, data, 0o644)
}
