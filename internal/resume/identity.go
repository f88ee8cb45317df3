package resume

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Identity returns what identifies the content of a file: a hash of its path and of the ETag, or else the time of the last change, in
// the header of an answer. It is empty if no run could continue in the file. A weak ETag, or the ETag of a compressed form, does not
// promise that a byte is still in its place.
func Identity(path string, header http.Header) string {
	version := header.Get("ETag")
	if version == "" {
		version = header.Get("Last-Modified")
	}
	encoding := header.Get("Content-Encoding")
	if version == "" || strings.HasPrefix(version, "W/") || encoding != "" && encoding != "identity" {
		return ""
	}
	sum := sha256.Sum256([]byte(path + "\n" + version))
	return hex.EncodeToString(sum[:16])
}

// Range returns the header that asks for the bytes of a file from start on.
func Range(start int64) string { return fmt.Sprintf("bytes=%d-", start) }

// Left returns how many bytes an answer to Range holds, by its Content-Range. ok is false unless these are all bytes of the file from
// start on.
func Left(contentRange string, start int64) (left int64, ok bool) {
	_, size, _ := strings.Cut(contentRange, "/")
	total, err := strconv.ParseInt(size, 10, 64)
	if err != nil || total <= start || contentRange != fmt.Sprintf("bytes %d-%d/%d", start, total-1, total) {
		return 0, false
	}
	return total - start, true
}
