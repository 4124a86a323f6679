package stdmodel

import (
	"slices"
	"strings"
)

// IsRegistry reports whether a package is there for others to put code into, which its functions run.
func IsRegistry(path string) bool {
	switch path {
	case "archive/zip", "crypto", "database/sql", "encoding/gob", "image", "mime":
		return true
	}
	return false
}

// IsStateless reports whether nothing that others do changes what the functions of a package do.
func IsStateless(path string) bool {
	if first, _, ok := strings.Cut(path, "/"); ok && slices.Contains([]string{"container", "go", "hash", "unicode"}, first) {
		return true
	}
	return slices.Contains(stateless, path)
}

var stateless = []string{
	"bufio", "bytes", "cmp", "compress/bzip2", "compress/flate", "compress/gzip", "compress/lzw", "compress/zlib", "context", "crypto/hmac",
	"crypto/md5", "crypto/sha1", "crypto/sha256", "crypto/sha3", "crypto/sha512", "crypto/subtle", "embed", "encoding", "encoding/ascii85",
	"encoding/asn1", "encoding/base32", "encoding/base64", "encoding/binary", "encoding/csv", "encoding/hex", "encoding/json", "encoding/pem",
	"encoding/xml", "errors", "fmt", "html", "html/template", "image/color", "index/suffixarray", "io", "io/fs", "iter", "maps", "math", "math/big",
	"math/bits", "math/cmplx", "mime/multipart", "mime/quotedprintable", "net/mail", "net/netip", "net/textproto", "net/url", "path", "path/filepath",
	"reflect", "regexp", "regexp/syntax", "slices", "sort", "strconv", "strings", "structs", "sync", "sync/atomic", "text/scanner", "text/tabwriter",
	"text/template", "text/template/parse", "time", "unicode", "unique", "unsafe", "weak",
}
