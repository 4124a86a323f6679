package blob

import (
	"errors"
	"net/http"
	"strconv"

	"cloud.google.com/go/storage"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob"
	azureblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"gocloud.dev/blob"
	"google.golang.org/api/googleapi"
)

// service has what differs between object stores in gocloud.dev: versions of objects, and
// conditions on them.
type service interface {
	// version returns what identifies the object's content that r reads.
	version(r *blob.Reader) (string, bool)
	// ifWrite makes a write, and ifDelete a removal, depend on the version.
	ifWrite(version string) func(as func(any) bool) error
	ifDelete(version string) func(as func(any) bool) error
	// bufferSize is the buffer that an upload of size bytes needs; 0: the driver's default.
	bufferSize(size int) int
	// conflict reports whether err means another writer: the condition does not hold any more, or
	// can't be checked now.
	conflict(err error) bool
	// outside reports whether err means that the wanted range begins after the object's end.
	outside(err error) bool
}

// services are the object stores, by scheme.
var services = map[string]service{"s3": s3Service{}, "gs": gcsService{}, "azblob": azureService{}}

var errNoHook = errors.New("blob: the driver does not know its own types: versions of gocloud.dev and the SDK don't fit")

// as calls set on the T that the driver has, the way gocloud.dev's hooks want it.
func as[T any](set func(T)) func(func(any) bool) error {
	return func(asFunc func(any) bool) error {
		var t T
		if !asFunc(&t) {
			return errNoHook
		}
		set(t)
		return nil
	}
}

type s3Service struct{}

func (s3Service) version(r *blob.Reader) (string, bool) {
	var out s3.GetObjectOutput
	if !r.As(&out) || out.ETag == nil {
		return "", false
	}
	return *out.ETag, true
}

func (s3Service) ifWrite(version string) func(func(any) bool) error {
	return as(func(in *transfermanager.UploadObjectInput) { in.IfMatch = &version })
}

func (s3Service) ifDelete(version string) func(func(any) bool) error {
	return as(func(in *s3.DeleteObjectInput) { in.IfMatch = &version })
}

func (s3Service) bufferSize(int) int { return 0 }

func (s3Service) conflict(err error) bool {
	e, ok := errors.AsType[*awshttp.ResponseError](err)
	return ok && (e.HTTPStatusCode() == http.StatusPreconditionFailed || e.HTTPStatusCode() == http.StatusConflict)
}

func (s3Service) outside(err error) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && e.ErrorCode() == "InvalidRange"
}

type gcsService struct{}

func (gcsService) version(r *blob.Reader) (string, bool) {
	var in *storage.Reader
	if !r.As(&in) || in.Attrs.Generation == 0 {
		return "", false
	}
	return strconv.FormatInt(in.Attrs.Generation, 10), true
}

func (gcsService) ifWrite(version string) func(func(any) bool) error {
	generation, _ := strconv.ParseInt(version, 10, 64)
	return as(func(o **storage.ObjectHandle) { *o = (*o).If(storage.Conditions{GenerationMatch: generation}) })
}

func (s gcsService) ifDelete(version string) func(func(any) bool) error { return s.ifWrite(version) }

// bufferSize lets a value that fits in the default buffer go out in one request, from a buffer of
// its size.
func (gcsService) bufferSize(size int) int {
	if size >= googleapi.DefaultUploadChunkSize {
		return 0
	}
	return size/googleapi.MinUploadChunkSize*googleapi.MinUploadChunkSize + googleapi.MinUploadChunkSize
}

func (gcsService) conflict(err error) bool {
	e, ok := errors.AsType[*googleapi.Error](err)
	return ok && (e.Code == http.StatusPreconditionFailed || e.Code == http.StatusConflict)
}

func (gcsService) outside(err error) bool {
	e, ok := errors.AsType[*googleapi.Error](err)
	return ok && e.Code == http.StatusRequestedRangeNotSatisfiable
}

type azureService struct{}

func (azureService) version(r *blob.Reader) (string, bool) {
	var out azureblob.DownloadStreamResponse
	if !r.As(&out) || out.ETag == nil {
		return "", false
	}
	return string(*out.ETag), true
}

func matching(version string) *azblob.AccessConditions {
	etag := azcore.ETag(version)
	return &azblob.AccessConditions{ModifiedAccessConditions: &azureblob.ModifiedAccessConditions{IfMatch: &etag}}
}

func (azureService) ifWrite(version string) func(func(any) bool) error {
	return as(func(o *azblob.UploadStreamOptions) { o.AccessConditions = matching(version) })
}

func (azureService) ifDelete(version string) func(func(any) bool) error {
	return as(func(o *azureblob.DeleteOptions) { o.AccessConditions = matching(version) })
}

func (azureService) bufferSize(int) int { return 0 }

func (azureService) conflict(err error) bool {
	e, ok := errors.AsType[*azcore.ResponseError](err)
	return ok && (e.StatusCode == http.StatusPreconditionFailed || e.StatusCode == http.StatusConflict)
}

func (azureService) outside(err error) bool {
	e, ok := errors.AsType[*azcore.ResponseError](err)
	return ok && e.StatusCode == http.StatusRequestedRangeNotSatisfiable
}
