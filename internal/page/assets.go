package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// asset is a file in the form that browsers get.
type asset struct {
	name, path   string
	content      []byte
	contentType  string
	cacheControl string
	packed       func() []byte // returns the compressed content; nil: compression is not worth it
}

// readAssets returns the embedded files, except the page itself.
func readAssets() ([]asset, error) {
	var assets []asset
	names, err := fs.Glob(files, "dist/*")
	if err != nil {
		return nil, err
	}
	for _, name := range append(names, "mark.svg") {
		content, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		assets = append(assets, newAsset(path.Base(name), content))
	}
	return assets, nil
}

func newAsset(name string, content []byte) asset {
	sum := sha256.Sum256(content)
	extension := path.Ext(name)
	return asset{
		name:         name,
		path:         "/page/" + strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(sum[:8]) + extension,
		content:      content,
		contentType:  contentType(extension),
		cacheControl: "public, max-age=31536000, immutable",
		packed:       sync.OnceValue(func() []byte { return pack(content) }),
	}
}

// contentType does not use mime.TypeByExtension, whose results depend on the machine.
func contentType(extension string) string {
	switch extension {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	}
	return mime.TypeByExtension(extension)
}

func pack(content []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // fails only for an unknown level
	_, _ = w.Write(content)                               // writes to memory, which cannot fail
	_ = w.Close()
	return b.Bytes()
}

// ServeHTTP answers with the whole file.
func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", a.contentType)
	header.Set("Cache-Control", a.cacheControl)
	content := a.content
	if a.packed != nil {
		header.Set("Vary", "Accept-Encoding")
		if edge.AcceptsGzip(r.Header.Values("Accept-Encoding")) {
			header.Set("Content-Encoding", "gzip")
			content = a.packed()
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(content)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(content)
	}
}
