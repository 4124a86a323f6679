package cache

import (
	"errors"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// ErrUnkeyed means that arguments have no key: a marshaler failed, a file can't be read, or values
// are nested over 1,000 deep.
var ErrUnkeyed = engine.ErrUnkeyed

// ErrReadOnly is returned by Put in a mode that forbids writes.
var ErrReadOnly = engine.ErrReadOnly

// ErrInputsNotKept means that the store does not have the full inputs of a result, because the
// function had no keep-inputs.
var ErrInputsNotKept = errors.New("cache: the inputs were not kept")

// ErrSecretInputs means that the inputs can't be read because some of them are secret.
var ErrSecretInputs = errors.New("cache: the function has secret inputs")

// ErrNotAllKeyed means that a function can't be executed from its keyed inputs, because some of its
// parameters are not in the key.
var ErrNotAllKeyed = errors.New("cache: not every parameter is keyed")

// ErrClosed is returned by Forget, Put, Clear, ForgetTags and ForgetRun after the cache was closed,
// because no store would learn of the change.
var ErrClosed = engine.ErrClosed
