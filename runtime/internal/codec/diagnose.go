package codec

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

// diagnosis reads more than Append writes: the inputs in an entry and what others wrote, too.
var diagnosis = func() cbor.DiagMode {
	mode, err := cbor.DiagOptions{
		MaxNestedLevels: 2 * canon.MaxDepth, MaxArrayElements: 1 << 30, MaxMapPairs: 1 << 30,
	}.DiagMode()
	if err != nil {
		panic(err)
	}
	return mode
}()

// Diagnose renders a stored form for people, in CBOR's diagnostic notation (RFC 8949, section 8).
func Diagnose(p []byte) (string, error) {
	text, err := diagnosis.Diagnose(p)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return text, nil
}

var reading = func() cbor.DecMode {
	mode, err := cbor.DecOptions{
		MaxNestedLevels: 2 * canon.MaxDepth, MaxArrayElements: 1 << 30, MaxMapPairs: 1 << 30,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return mode
}()

// Wellformed returns an error if p is no stored form of anything.
func Wellformed(p []byte) error {
	if err := reading.Wellformed(p); err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return nil
}
