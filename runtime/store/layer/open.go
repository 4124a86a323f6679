package layer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/cachegen/cachegen/internal/units"
	"github.com/cachegen/cachegen/runtime/store"
)

// Open opens the stores that urls name, separated by spaces, as [store.Open] does, and puts layers
// in front of them. Several stores form a [Chain], the nearest first: "dir: redis://cache:6379".
//
// These options of any URL ask for layers. All other options are for the store's driver:
//
//	compress          Compress values of at least a KiB, or of compress=SIZE
//	encrypt=env:NAME  Encrypt with the keys in an environment variable, as ParseKeys reads them
//	encrypt=file:PATH Encrypt with the keys in a file
//	plain-targets     let values at paths be kept by a store that encrypts
//	limit=SIZE        Limit values to a size
//
// A size is a number of bytes or has one of the units kB, MB, GB, TB, KiB, MiB, GiB, TiB. All users
// of a store must agree on compress and encrypt: to others the values are corrupt.
func Open(ctx context.Context, urls string) (store.Store, error) {
	var opened []store.Store
	for raw := range strings.FieldsSeq(urls) {
		s, err := openOne(ctx, raw)
		if err != nil {
			return nil, errors.Join(err, closeAll(opened))
		}
		opened = append(opened, s)
	}
	if len(opened) == 0 {
		return nil, errNoURL
	}
	far := opened[len(opened)-1]
	if len(opened) == 1 {
		return far, nil
	}
	s, err := Chain(far, nil, opened[:len(opened)-1]...)
	if err != nil {
		return nil, errors.Join(err, closeAll(opened))
	}
	return s, nil
}

func closeAll(stores []store.Store) (err error) {
	for _, s := range stores {
		err = errors.Join(err, s.Close())
	}
	return err
}

// openOne opens the store of one URL.
func openOne(ctx context.Context, raw string) (store.Store, error) {
	bare, layers, err := parse(raw)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, bare)
	if err != nil {
		return nil, err
	}
	for _, layer := range layers {
		s = layer(s)
	}
	return s, nil
}

// parse returns a URL without the options for layers, and those options.
func parse(raw string) (bare string, layers []func(store.Store) store.Store, err error) {
	bare, options, err := split(raw)
	if err != nil {
		return "", nil, err
	}
	layers, err = options.layers()
	if u, parseErr := store.Parse(raw); parseErr == nil {
		err = store.Redact(u, err)
	}
	return bare, layers, err
}

// Check returns an error if urls can't be right, as [store.Check] does. It opens nothing.
func Check(urls string) error {
	n := 0
	for raw := range strings.FieldsSeq(urls) {
		bare, _, err := parse(raw)
		if err == nil {
			err = store.Check(bare)
		}
		if err != nil {
			return err
		}
		n++
	}
	if n == 0 {
		return errNoURL
	}
	return nil
}

var errNoURL = errors.New("layer: no URL")

// options are a URL's options for layers.
type options map[string]string

// split takes the options out of a URL.
func split(raw string) (string, options, error) {
	u, err := store.Parse(raw)
	if err != nil {
		return "", nil, err
	}
	query, o := u.Query(), options{}
	for _, name := range []string{"compress", "encrypt", "plain-targets", "limit"} {
		if query.Has(name) {
			o[name] = query.Get(name)
			query.Del(name)
		}
	}
	if len(o) == 0 {
		return raw, nil, nil
	}
	u.RawQuery = query.Encode()
	return u.String(), o, nil
}

// layers returns the layers that the options ask for, the one next to the store first.
func (o options) layers() (layers []func(store.Store) store.Store, err error) {
	if _, ok := o["plain-targets"]; ok && o["encrypt"] == "" {
		return nil, errors.New("layer: plain-targets is for stores that encrypt")
	}
	if from, ok := o["encrypt"]; ok {
		encrypt, err := o.encrypt(from)
		if err != nil {
			return nil, err
		}
		layers = append(layers, encrypt)
	}
	if text, ok := o["compress"]; ok {
		from := int64(DefaultCompress)
		if text != "" {
			if from, err = size("compress", text); err != nil {
				return nil, err
			}
		}
		layers = append(layers, func(s store.Store) store.Store { return Compress(s, int(min(from, math.MaxInt))) })
	}
	if text, ok := o["limit"]; ok {
		most, err := size("limit", text)
		if err != nil {
			return nil, err
		}
		layers = append(layers, func(s store.Store) store.Store { return Limit(s, most) })
	}
	return layers, nil
}

func (o options) encrypt(from string) (func(store.Store) store.Store, error) {
	text, err := secret(from)
	if err != nil {
		return nil, err
	}
	keys, err := ParseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("%w (encrypt=%s)", err, from)
	}
	_, plain := o["plain-targets"]
	return func(s store.Store) store.Store { return encrypted(s, EncryptOptions{keys, plain}) }, nil
}

// secret returns the content of the variable or the file that from names.
func secret(from string) (string, error) {
	kind, name, _ := strings.Cut(from, ":")
	switch kind {
	case "env":
		text, ok := os.LookupEnv(name)
		if !ok {
			return "", fmt.Errorf("layer: encrypt=%s: the variable is not set", from)
		}
		return text, nil
	case "file":
		text, err := os.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("layer: encrypt: %w", err)
		}
		return string(text), nil
	}
	return "", errors.New("layer: encrypt says neither env:NAME nor file:PATH; keys don't belong into URLs")
}

// size returns the size in an option.
func size(option, text string) (int64, error) {
	n, err := units.Bytes(text)
	if err != nil {
		return 0, fmt.Errorf("layer: %s=%s: %w", option, text, err)
	}
	return n, nil
}
