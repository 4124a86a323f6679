package engine

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// A store knows, in items of their own, under which prefixes a function has had results. So a miss can be told from one that is due to
// another version of the code.

// versionSpace begins the names of these items: v/<namespace>/<prefix>.
const versionSpace = "v/"

// edition is what such an item says.
type edition struct {
	Project, Domain, Version string
	// Modules and Build are the key's: the modules outside and the configuration of the build.
	Modules, Build []string
	// Salt and Shape are the key's too, if Whole: earlier items don't say.
	Salt  string `json:",omitempty"`
	Shape string `json:",omitempty"`
	Whole bool   `json:",omitempty"`
}

// versions is what a state knows of the other prefixes of its function.
type versions struct {
	noted atomic.Bool // its own is in the store, or on its way: no other write waits for it

	mu     sync.Mutex
	read   time.Time
	others []key.Prefix
}

// editionsFor is how long the list of other prefixes is good for.
const editionsFor = time.Minute

// maxEditions is how many other prefixes are looked at.
const maxEditions = 16

// edition says what the state's own prefix was made of.
func (s *State) edition() edition {
	id := s.identity()
	return edition{id.Project, id.Domain, id.Version, id.Modules, id.Build, id.Salt, id.Shape, true}
}

// note puts the state's own prefix into the store.
func (s *State) note(ctx context.Context) {
	if s.versions.noted.Swap(true) {
		return
	}
	value, err := json.Marshal(s.edition())
	if err != nil {
		return
	}
	p := s.prefix()
	err = s.tier.do(ctx, writing, func(ctx context.Context, st store.Store) error {
		_, err := st.Put(ctx, versionSpace+s.segment+"/"+hex.EncodeToString(p[:]), store.Item{Value: value, Stamp: s.cache.clock.Stamp()})
		return err
	})
	if err != nil {
		s.cache.faults.log(StoreFailed.String(), err)
	}
}

// superseded reports whether the store has a result for the call that another version of the code made.
func (v *visit) superseded() bool {
	ctx, cancel := v.looks()
	defer cancel()
	for _, p := range v.state.editions(ctx) {
		if _, err := v.state.read(ctx, v.state.name(v.call.Key(p))); err == nil {
			return true
		}
	}
	return false
}

// editions returns the other prefixes under which the function has had results in the same scope. It returns none while somebody else asks the
// store for them: nobody waits for that longer than for its own looks.
func (s *State) editions(ctx context.Context) []key.Prefix {
	k := &s.versions
	if !k.mu.TryLock() {
		return nil
	}
	defer k.mu.Unlock()
	if !k.read.IsZero() && time.Since(k.read) < editionsFor {
		return k.others
	}
	k.read, k.others = time.Now(), nil
	lister, err := s.lister(ctx)
	if err != nil {
		return nil
	}
	for info, err := range lister.List(ctx, versionSpace+s.segment+"/") {
		if err != nil || len(k.others) == maxEditions {
			break
		}
		if p, ok := s.other(ctx, info.Key); ok {
			k.others = append(k.others, p)
		}
	}
	return k.others
}

// other returns the prefix that an item is about, if it is another one of the same scope.
func (s *State) other(ctx context.Context, name string) (key.Prefix, bool) {
	b, err := hex.DecodeString(name[strings.LastIndexByte(name, '/')+1:])
	if err != nil || len(b) != len(key.Prefix{}) || key.Prefix(b) == s.prefix() {
		return key.Prefix{}, false
	}
	item, err := s.read(ctx, name)
	if err != nil {
		return key.Prefix{}, false
	}
	var e edition
	err = json.Unmarshal(item.Value, &e)
	return key.Prefix(b), err == nil && e.Project == s.scope.project && e.Domain == s.scope.domain
}
