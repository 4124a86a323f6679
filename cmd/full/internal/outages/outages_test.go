//go:build unix

package outages

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

var table = flag.Bool("table", false, "try all faults, longer, and print a table of what became of the calls")

// Variables that make the test binary a process: its number, and its store.
const (
	numberVariable = "CACHEGEN_OUTAGES_PROCESS"
	storeVariable  = "CACHEGEN_OUTAGES_STORE"
)

func TestMain(m *testing.M) {
	if number, err := strconv.Atoi(os.Getenv(numberVariable)); err == nil {
		if err := process(number, os.Getenv(storeVariable)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// TestOutages breaks a Redis, a folder and processes, and mends them. No call fails or returns what
// is another input's, and what is forgotten stays so.
func TestOutages(t *testing.T) {
	var rows strings.Builder
	for _, s := range []struct {
		name   string
		start  func(*testing.T) *world
		faults []fault
	}{
		{"Redis", overRedis, append(redisFaults, processFaults...)},
		{"folder", overFolder, append(folderFaults, processFaults...)},
	} {
		for _, f := range s.faults {
			if !f.sample && !*table {
				continue
			}
			t.Run(s.name+"/"+f.name, func(t *testing.T) {
				r := s.start(t).suffer(t, f)
				r.store, r.fault = s.name, f.name
				rows.WriteString(r.String())
				if r.failed > 0 || r.wrong > 0 || r.staleForGood > 0 || r.calls == 0 || r.recovered < 0 {
					t.Errorf("%d failed, %d wrong, %d stale for good\n%s%s%s", r.failed, r.wrong, r.staleForGood, header, r, strings.Join(r.said, "\n"))
				}
			})
		}
	}
	t.Logf("\n%s%s", header, &rows)
}

// world is a store, and processes that use it.
type world struct {
	url    string
	redis  server.Service
	proxy  *server.Proxy
	folder string

	processes []*running
	records   []record
	mu        sync.Mutex // of records
}

func overRedis(t *testing.T) *world {
	w := &world{redis: server.StartRedis(t)}
	w.proxy = server.StartProxy(t, w.redis.Addr)
	w.url = w.redis.URL(w.proxy.Addr, "outages") + "&timeout=1s"
	return w
}

func overFolder(t *testing.T) *world {
	folder := filepath.Join(t.TempDir(), "results")
	return &world{folder: folder, url: "dir://" + folder}
}

// running is a process.
type running struct {
	cmd  *exec.Cmd
	in   io.Closer
	read sync.WaitGroup // its records
}

// suffer has three processes call while a fault comes and goes.
func (w *world) suffer(t *testing.T, f fault) row {
	for range 3 {
		w.start(t)
	}
	before, during, after := time.Second, time.Second, 3*time.Second
	if *table {
		before, during, after = time.Second, 3*time.Second, 4*time.Second
	}
	time.Sleep(before)
	o := outage{from: time.Now().UnixNano()}
	mend := f.breaks(t, w)
	time.Sleep(during)
	mend()
	o.to = time.Now().UnixNano()
	time.Sleep(after)
	for _, p := range w.processes {
		p.end(t)
	}
	lost := int64(0)
	if f.loses {
		lost = o.to
	}
	return judge(w.records, o, lost)
}

// start starts a process.
func (w *world) start(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", numberVariable, len(w.processes)), storeVariable+"="+w.url)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &running{cmd: cmd, in: in}
	w.processes = append(w.processes, p)
	p.read.Go(func() { w.read(out) })
	t.Cleanup(func() { _ = cmd.Process.Kill() })
}

// read reads the records of a process. One that is killed leaves a part of its last one.
func (w *world) read(out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var r record
		if json.Unmarshal(lines.Bytes(), &r) != nil {
			return
		}
		w.mu.Lock()
		w.records = append(w.records, r)
		w.mu.Unlock()
	}
}

// end has a process end, and returns when all its records are read.
func (p *running) end(t *testing.T) {
	_ = p.in.Close()
	p.read.Wait()
	if err := p.cmd.Wait(); err != nil && p.cmd.ProcessState.ExitCode() >= 0 { // else it was killed
		t.Errorf("a process ended with %v", err)
	}
}

func (w *world) kill(t *testing.T, i int) { w.signal(t, i, syscall.SIGKILL) }

func (w *world) signal(t *testing.T, i int, s syscall.Signal) {
	if err := w.processes[i].cmd.Process.Signal(s); err != nil {
		t.Error(err)
	}
}

func (w *world) signalAll(t *testing.T, s syscall.Signal) {
	for i := range w.processes {
		w.signal(t, i, s)
	}
}
