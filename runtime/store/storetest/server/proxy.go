//go:build unix

package server

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Fault is what a [Proxy] does to its connections.
type Fault int

// The faults. A change applies to connections that exist, too.
const (
	// None passes everything on.
	None Fault = iota
	// Gone cuts connections and takes no new ones for longer than it needs to cut them.
	Gone
	// Silent takes connections and passes nothing on.
	Silent
	// Garbage answers with noise.
	Garbage
	// Half cuts connections in the middle of an answer.
	Half
)

// Proxy stands between a store and its server, so that one test can break what others need.
type Proxy struct {
	// Addr is where it listens.
	Addr string

	target   string
	listener net.Listener
	mu       sync.Mutex
	changed  *sync.Cond
	fault    Fault
	closed   bool
	conns    map[net.Conn]struct{}
}

// StartProxy starts a proxy for the server at target, and closes it at the end of the test.
func StartProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Addr: l.Addr().String(), target: target, listener: l, conns: map[net.Conn]struct{}{}}
	p.changed = sync.NewCond(&p.mu)
	var serving sync.WaitGroup
	serving.Go(func() { p.serve(&serving) })
	t.Cleanup(func() {
		l.Close()
		p.set(None, true)
		serving.Wait()
	})
	return p
}

// Set makes the proxy's connections have a fault from now on.
func (p *Proxy) Set(f Fault) { p.set(f, false) }

func (p *Proxy) set(f Fault, closed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault, p.closed = f, p.closed || closed
	p.changed.Broadcast()
	if f == Gone || p.closed {
		for c := range p.conns {
			c.Close()
		}
	}
}

// Faults returns the proxy's faults in the form that storetest.Harness wants.
func (p *Proxy) Faults() map[string]func(testing.TB) (heal func()) {
	faults := map[string]func(testing.TB) (heal func()){}
	for name, f := range map[string]Fault{"gone": Gone, "silent": Silent, "garbage": Garbage, "half": Half} {
		faults[name] = func(testing.TB) func() {
			p.Set(f)
			return func() {
				p.Set(Gone) // Connections that were spoilt stay so.
				p.Set(None)
			}
		}
	}
	return faults
}

func (p *Proxy) serve(serving *sync.WaitGroup) {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		serving.Go(func() { p.connect(in) })
	}
}

func (p *Proxy) connect(in net.Conn) {
	defer in.Close()
	out, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer out.Close()
	if !p.add(in, out) {
		return
	}
	defer p.remove(in, out)
	var passing sync.WaitGroup
	passing.Go(func() { p.pass(out, in, false) })
	p.pass(in, out, true)
	passing.Wait()
}

func (p *Proxy) add(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault == Gone || p.closed {
		return false
	}
	for _, c := range conns {
		p.conns[c] = struct{}{}
	}
	return true
}

func (p *Proxy) remove(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		delete(p.conns, c)
	}
}

// pass copies what comes from src to dst until one of them ends or a fault does.
func (p *Proxy) pass(dst, src net.Conn, answers bool) {
	defer dst.Close()
	defer src.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := src.Read(b)
		if n > 0 && !p.write(dst, b[:n], answers) || err != nil {
			return
		}
	}
}

// write passes b on as the fault of the moment wants, and reports whether the connection goes on.
func (p *Proxy) write(dst io.Writer, b []byte, answer bool) bool {
	switch p.await() {
	case Gone:
		return false
	case Garbage:
		if answer {
			for i := range b {
				b[i] ^= 0x55
			}
		}
	case Half:
		if answer {
			_, _ = dst.Write(b[:len(b)/2])
			return false
		}
	}
	_, err := dst.Write(b)
	return err == nil
}

// await returns the fault, once it is not [Silent].
func (p *Proxy) await() Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.fault == Silent && !p.closed {
		p.changed.Wait()
	}
	if p.closed {
		return Gone
	}
	return p.fault
}
