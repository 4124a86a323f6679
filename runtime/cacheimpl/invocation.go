package cacheimpl

import (
	"bytes"
	"context"
	"crypto/sha256"
	"reflect"
	"unsafe"

	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

// invocation is one call of a function, as the engine sees it.
type invocation struct {
	core *core
	args any            // a pointer to the arguments
	key  unsafe.Pointer // to what identifies the result: the arguments, or text
	text string
	call any // what run calls; nil if nothing can execute it
	answers

	blank engine.Held // that was made with the call; nil if there is none, or it is used
	own   any         // a pointer to what this call's own execution returned; nil if it did not run
	made  engine.Held
	moved bool // whether the inputs changed meanwhile
}

// answers are what joins the inputs in a key.
type answers struct {
	inputs   []byte // the inputs' encoding; nil: the arguments have it
	run      string
	policies []string
}

// at returns a call for the arguments, and where its result is in memory.
func (c *core) at(ctx context.Context, args, call any) (*invocation, uint64, error) {
	if c.encoded {
		inputs, err := c.encode(ctx, args)
		if err != nil {
			return nil, 0, err
		}
		return c.keyed(ctx, inputs, args, call)
	}
	i := &invocation{core: c, args: args, key: reflect.ValueOf(args).UnsafePointer(), call: call}
	return i, i.hash(), nil
}

// hash returns where the result is in memory if the arguments are the key.
func (c *invocation) hash() uint64 {
	if c.core.plan.Unknown() {
		return encodingHash(c.args)
	}
	return c.core.plan.Of(c.key)
}

// Same reports whether other has this call's key.
func (c *invocation) Same(other engine.Call) bool {
	o, ok := other.(*invocation)
	return ok && o.core.result == c.core.result && c.equal(o.key)
}

// Holds reports whether h is a result for this call's key.
func (c *invocation) Holds(h engine.Held) bool {
	return h.Layout().Result == c.core.result && c.equal(unsafe.Add(unsafe.Pointer(h), h.Layout().KeyAt))
}

func (c *invocation) equal(key unsafe.Pointer) bool {
	if c.core.encoded {
		return *(*string)(key) == c.text
	}
	return c.core.plan.Equal(key, c.key)
}

// Key returns the key in stores.
func (c *invocation) Key(p key.Prefix) key.Key {
	var buf [256]byte
	return p.Key(c.run, c.policies, c.encoding(buf[:0]))
}

func (c *invocation) encoding(b []byte) []byte {
	if c.inputs != nil {
		return c.inputs
	}
	return encodingOf(context.Background(), c.args, b)
}

// Inputs returns what an entry tells about the inputs.
func (c *invocation) Inputs(full bool) entry.Inputs {
	var buf [256]byte
	digest := sha256.Sum256(c.encoding(buf[:0]))
	args := reflect.ValueOf(c.args).Elem()
	in := entry.Inputs{Digest: digest[:], Preview: entry.Preview(args.Interface(), c.core.secrets())}
	if full {
		in.Full = c.storedInputs()
	}
	return in
}

// storedInputs returns the stored form of the inputs without their secrets, nil if there is none.
func (c *invocation) storedInputs() []byte {
	args := reflect.New(c.core.args)
	args.Elem().Set(reflect.ValueOf(c.args).Elem())
	entry.Redact(args.Elem(), c.core.secrets().In(args.Type().Elem()))
	p, err := codec.Append([]byte{}, args)
	if err != nil {
		return nil
	}
	return p
}

// Blank returns a result whose value is yet to be filled in.
func (c *invocation) Blank() engine.Held {
	if h := c.blank; h != nil {
		c.blank = nil
		return h
	}
	l := &c.core.fn.Layout
	p := reflect.New(l.Result).UnsafePointer()
	at := unsafe.Add(p, l.KeyAt)
	if c.core.encoded {
		*(*string)(at) = c.text
	} else {
		reflect.NewAt(l.Key, at).Elem().Set(reflect.ValueOf(c.args).Elem())
	}
	return c.core.fn.Made((*engine.Meta)(p))
}

// Execute runs the function.
func (c *invocation) Execute(ctx context.Context) (engine.Held, error) {
	h := c.Blank()
	own := h.Value()
	if c.core.copies != shared {
		own = reflect.New(c.core.value()).Interface()
	}
	err := c.core.run(ctx, c.call, c.args, own)
	c.own, c.made = own, nil
	if !c.core.keep(ctx, h, own) {
		return nil, err
	}
	if c.moved = c.changed(); c.moved {
		return nil, err
	}
	c.made = h
	return h, err
}

// Moved reports whether the inputs changed while the function was executed.
func (c *invocation) Moved() bool { return c.moved }

// changed reports whether the inputs are others than when the call began: a file was edited while
// it was read, or a caller changed what an argument points to. Whatever the result is of, it is not
// of this key.
func (c *invocation) changed() bool {
	if c.inputs == nil {
		return false // the arguments themselves are the key
	}
	var buf [256]byte
	b := buf[:0]
	if len(c.inputs) > canon.Small/2 {
		b = make([]byte, 0, len(c.inputs))
	}
	now := c.args.(Args).AppendCacheKey(b)
	return now == nil || !bytes.HasPrefix(c.inputs, now)
}

// Again returns a call with the same key that can execute while this one does.
func (c *invocation) Again() engine.Call {
	again := &invocation{core: c.core, args: c.args, key: c.key, text: c.text, call: c.call, answers: c.answers}
	if c.core.encoded {
		again.key = unsafe.Pointer(&again.text)
	}
	return again
}

// do returns a pointer to what the call comes to for its caller, nil if there is no value.
func (c *invocation) do(ctx context.Context, hash uint64) (any, error) {
	h, err := c.core.fn.Do(ctx, hash, c)
	switch {
	case c.own != nil && h == c.made:
		return c.own, err
	case h == nil:
		return nil, err
	}
	if p, ok := c.core.copied(h.Value()); ok {
		return p, err
	}
	return c.core.execute(ctx, c.call, c.args) // what can't be copied after all is made
}
