package redis_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/storetest"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// cluster is three primaries with a third of the slots each.
type cluster struct {
	nodes []node
	url   string
}

func startCluster(t testing.TB) cluster {
	t.Helper()
	var c cluster
	for i := range 3 {
		c.nodes = append(c.nodes, startNode(t,
			"--cluster-enabled", "yes", "--cluster-port", server.Port(server.FreeAddr(t)), "--cluster-node-timeout", "2000",
			"--cluster-require-full-coverage", "no"))
		first, last := i*16384/3, (i+1)*16384/3-1
		do(t, client(t, c.nodes[i].addr), "CLUSTER", "ADDSLOTSRANGE", fmt.Sprint(first), fmt.Sprint(last))
	}
	first := client(t, c.nodes[0].addr)
	for _, n := range c.nodes[1:] {
		do(t, first, "CLUSTER", "MEET", "127.0.0.1", server.Port(n.addr), busPort(t, n))
	}
	for _, n := range c.nodes {
		waitFor(t, "the cluster to agree", func() bool {
			info := do(t, client(t, n.addr), "CLUSTER", "INFO")
			text, _ := info.ToString()
			return strings.Contains(text, "cluster_state:ok") && strings.Contains(text, "cluster_known_nodes:3") &&
				strings.Contains(text, "cluster_slots_ok:16384")
		})
	}
	c.url = "redis://" + c.nodes[0].addr + "?addr=" + c.nodes[1].addr + "&addr=" + c.nodes[2].addr
	return c
}

func busPort(t testing.TB, n node) string {
	t.Helper()
	m := do(t, client(t, n.addr), "CONFIG", "GET", "cluster-port")
	config, err := m.AsStrMap()
	if err != nil {
		t.Fatal(err)
	}
	return config["cluster-port"]
}

func waitFor(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 15 s for %s", what)
		}
	}
}

func TestCluster(t *testing.T) {
	c := startCluster(t)
	storetest.Run(t, func(testing.TB) storetest.Harness {
		h, _ := medium(c.url + "&" + patient)
		return h
	})
	t.Run("items are on all nodes", func(t *testing.T) {
		h, prefix := medium(c.url)
		s := h.Open(t)
		defer s.Close()
		for i := range 30 {
			if _, err := s.Put(t.Context(), fmt.Sprintf("e/%d", i), store.Item{Value: []byte("v"), Stamp: 1}); err != nil {
				t.Fatal(err)
			}
		}
		for _, n := range c.nodes {
			m := do(t, client(t, n.addr), "KEYS", prefix+"*")
			if keys, err := m.AsStrSlice(); err != nil || len(keys) == 0 {
				t.Errorf("node %s has %q, %v, want some of 30 items", n.addr, keys, err)
			}
		}
	})
	t.Run("a slot that moves is followed", func(t *testing.T) { testMovingSlot(t, c) })
}

// testMovingSlot moves the slot of an item from the first node to another under a store that used
// it, who must hear of what happens to the item there.
func testMovingSlot(t *testing.T, c cluster) {
	h, prefix := medium(c.url)
	s, other := h.Open(t), h.Open(t)
	defer s.Close()
	defer other.Close()
	from, to := client(t, c.nodes[0].addr), client(t, c.nodes[1].addr)
	var key, slot string
	for i := 0; ; i++ {
		key = fmt.Sprintf("e/moving%d", i)
		m := do(t, from, "CLUSTER", "KEYSLOT", prefix+"i:"+key)
		if n, _ := m.AsInt64(); n < 16384/3-1 {
			slot = fmt.Sprint(n)
			break
		}
	}
	mustPut(t, s, key, "one", 1)
	w := startWatch(t, s)
	mustGet(t, s, key, "one")
	w.reset()

	id := func(c rueidis.Client) string {
		m := do(t, c, "CLUSTER", "MYID")
		id, _ := m.ToString()
		return id
	}
	source, target := id(from), id(to)
	do(t, to, "CLUSTER", "SETSLOT", slot, "IMPORTING", source)
	do(t, from, "CLUSTER", "SETSLOT", slot, "MIGRATING", target)
	do(t, from, "MIGRATE", "127.0.0.1", server.Port(c.nodes[1].addr), prefix+"i:"+key, "0", "5000")
	for _, n := range c.nodes {
		do(t, client(t, n.addr), "CLUSTER", "SETSLOT", slot, "NODE", target)
	}
	w.waitFor(t, key)
	mustGet(t, s, key, "one")
	w.reset()
	mustPut(t, other, key, "two", 2)
	w.waitFor(t, key)
	mustGet(t, s, key, "two")
}

func TestTLS(t *testing.T) {
	ca, cert, key := certificates(t)
	addr := server.FreeAddr(t)
	server.Start(t, server.Command{
		Name: server.Redis(),
		Args: []string{
			"--bind", "127.0.0.1", "--port", "0", "--tls-port", server.Port(addr), "--dir", t.TempDir(), "--save", "",
			"--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", ca, "--tls-auth-clients", "yes",
			"--user", "default", "off", "--user", "me", "on", ">secret", "~*", "&*", "+@all",
		},
		Ready: server.Accepts(addr),
	})
	url := "rediss://me:secret@" + addr + "?ca=" + ca + "&cert=" + cert + "&key=" + key
	storetest.Run(t, func(testing.TB) storetest.Harness {
		h, _ := medium(url + "&" + patient)
		return h
	})
	for name, refused := range map[string]string{
		"an unknown authority":  "rediss://me:secret@" + addr + "?cert=" + cert + "&key=" + key,
		"a wrong password":      strings.Replace(url, "secret", "wrong", 1),
		"no password":           strings.Replace(url, "me:secret@", "", 1),
		"another host's name":   strings.Replace(url, "127.0.0.1", "localhost.localdomain", 1) + "&addr=" + addr,
		"no client certificate": "rediss://me:secret@" + addr + "?ca=" + ca,
	} {
		t.Run("refused: "+name, func(t *testing.T) {
			s, err := store.Open(t.Context(), refused)
			if err != nil {
				return
			}
			defer s.Close()
			if _, err := s.Put(t.Context(), "e/x", store.Item{Value: []byte("v"), Stamp: 1}); err == nil {
				t.Errorf("a store opened with %s takes items", name)
			}
		})
	}
}

// certificates makes an authority and a certificate for 127.0.0.1 that server and clients use, as
// files.
func certificates(t *testing.T) (ca, cert, key string) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "cachegen test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	cert = write("cert.pem", "CERTIFICATE", der)
	return cert, cert, write("key.pem", "PRIVATE KEY", pkcs8)
}

// TestSentinel kills a primary that sentinels watch over: the store follows to the replica, and its
// watcher is told.
func TestSentinel(t *testing.T) {
	primary := startNode(t)
	replica := startNode(t, "--replicaof", "127.0.0.1", server.Port(primary.addr))
	waitFor(t, "the replica to be in step", func() bool {
		m := do(t, client(t, replica.addr), "INFO", "replication")
		text, _ := m.ToString()
		return strings.Contains(text, "master_link_status:up")
	})
	var sentinels []string
	for range 3 {
		sentinels = append(sentinels, startSentinel(t, primary.addr))
	}
	for _, addr := range sentinels {
		waitFor(t, "sentinels to know each other and the replica", func() bool {
			m := do(t, client(t, addr), "SENTINEL", "MASTER", "cachegen")
			state, _ := m.AsStrMap()
			return state["num-other-sentinels"] == "2" && state["num-slaves"] == "1"
		})
	}

	h, _ := medium("redis://" + sentinels[0] + "?addr=" + sentinels[1] + "&addr=" + sentinels[2] + "&master=cachegen")
	s := h.Open(t)
	defer s.Close()
	mustPut(t, s, "e/before", "one", 1)
	w := startWatch(t, s)
	mustGet(t, s, "e/before", "one")
	do(t, client(t, primary.addr), "WAIT", "1", "5000")
	w.reset()

	primary.Kill()
	w.waitFor(t, "")
	waitFor(t, "the store to work on the replica", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		ok, err := s.Put(ctx, "e/after", store.Item{Value: []byte("two"), Stamp: 2})
		if d := time.Since(began); d > 4*time.Second {
			t.Errorf("Put during the failover took %v, its bound is 2s", d)
		}
		return ok && err == nil
	})
	mustGet(t, s, "e/before", "one")
	mustGet(t, s, "e/after", "two")
	listed := 0
	for info, err := range s.(store.Lister).List(t.Context(), "e/") {
		if listed++; err != nil {
			t.Errorf("listing %q: %v", info.Key, err)
		}
	}
	if listed != 2 {
		t.Errorf("%d items are listed, want 2", listed)
	}
}

func startSentinel(t *testing.T, primary string) string {
	t.Helper()
	addr := server.FreeAddr(t)
	config := filepath.Join(t.TempDir(), "sentinel.conf")
	text := fmt.Sprintf("port %s\nbind 127.0.0.1\nsentinel monitor cachegen 127.0.0.1 %s 2\nsentinel down-after-milliseconds cachegen 500\n"+
		"sentinel failover-timeout cachegen 3000\n", server.Port(addr), server.Port(primary))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server.Start(t, server.Command{
		Name: server.Redis(), Args: []string{config, "--sentinel"}, Ready: func(ctx context.Context) error { return server.Pong(ctx, addr) },
	})
	return addr
}
