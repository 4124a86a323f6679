package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/cachegen/cachegen/runtime/store"
)

// rereads bounds how often an object is read again if it went away while it was read.
const rereads = 3

// errReplaced says that an object went away while it was read.
var errReplaced = errors.New("object was replaced again and again while it was read")

// read returns the first bytes of an object, all if limit is negative, and its version.
func (s *Store) read(ctx context.Context, name string, limit int) (content []byte, version string, err error) {
	for range rereads {
		content, version, err = s.readOnce(ctx, name, limit)
		if !errors.Is(err, errReplaced) {
			break
		}
	}
	return content, version, err
}

func (s *Store) readOnce(ctx context.Context, name string, limit int) (content []byte, version string, err error) {
	r, err := s.bucket.NewRangeReader(ctx, name, 0, int64(limit), nil)
	if limit >= 0 && err != nil && s.service.outside(err) { // It is empty.
		r, err = s.bucket.NewRangeReader(ctx, name, 0, -1, nil)
	}
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, "", store.ErrNotFound
	}
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	size := r.Size()
	if limit >= 0 {
		size = min(size, int64(limit))
	}
	if size > s.maxValue+int64(headerSize) {
		return nil, "", fmt.Errorf("object %s has %d bytes: %w", name, size, store.ErrTooLarge)
	}
	content = make([]byte, size)
	_, err = io.ReadFull(r, content)
	if gcerrors.Code(err) == gcerrors.NotFound { // A client that goes on after a broken connection asks for the same version.
		return nil, "", fmt.Errorf("%w: %s", errReplaced, name)
	}
	if err != nil {
		return nil, "", fmt.Errorf("object %s: %w", name, err)
	}
	version, ok := s.service.version(r)
	if !ok {
		return nil, "", fmt.Errorf("object %s has no version", name)
	}
	return content, version, nil
}

// condition says when an object is written.
type condition struct {
	absent  bool   // Only if there is none.
	version string // Only if it is this one; none: whatever there is.
}

// write writes an object whole, and reports whether the condition held.
func (s *Store) write(ctx context.Context, name string, content []byte, contentType string, c condition) (bool, error) {
	options := &blob.WriterOptions{
		ContentType: contentType, BufferSize: s.service.bufferSize(len(content)), IfNotExist: c.absent,
		DisableContentTypeDetection: true,
	}
	if c.version != "" {
		options.BeforeWrite = s.service.ifWrite(c.version)
	}
	err := s.bucket.Upload(ctx, name, bytes.NewReader(content), options)
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() != nil:
		return false, err
	case c != condition{} && s.service.conflict(err), c.version != "" && gcerrors.Code(err) == gcerrors.NotFound:
		return false, nil
	}
	return false, err
}

// remove removes an object. A missing object is no error. With a version, it removes only that
// version.
func (s *Store) remove(ctx context.Context, name, version string) error {
	var options blob.DeleteOptions
	if version != "" {
		options.BeforeDelete = s.service.ifDelete(version)
	}
	err := s.bucket.DeleteWithOptions(ctx, name, &options)
	if err != nil && (gcerrors.Code(err) == gcerrors.NotFound || version != "" && s.service.conflict(err)) {
		return nil
	}
	return err
}
