package cache

import (
	"errors"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// ErrUnkeyed says that arguments have no key: a marshaler failed, a file can't be read, or they are nested over 1,000 deep.
var ErrUnkeyed = engine.ErrUnkeyed

// ErrReadOnly is what Put returns where the mode lets nothing be written.
var ErrReadOnly = engine.ErrReadOnly

// ErrInputsNotKept says that a result's inputs are not in the store in full: the function had no keep-inputs.
var ErrInputsNotKept = errors.New("cache: the inputs were not kept")

// ErrSecretInputs says that inputs can't be had because some of them are secret.
var ErrSecretInputs = errors.New("cache: the function has secret inputs")

// ErrNotAllKeyed says that a function can't be executed from its keyed inputs: it has parameters that are no part of the key.
var ErrNotAllKeyed = errors.New("cache: not every parameter is keyed")

// ErrClosed is what Forget, Put, Clear and those for tags and runs return after the cache was closed: no store would learn of it.
var ErrClosed = engine.ErrClosed
