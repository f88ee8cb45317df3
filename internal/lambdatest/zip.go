package lambdatest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"os"
	"testing"
)

// Zip returns the size of a bootstrap, and a zip with it at the best compression, as a deployment sends it.
func Zip(t testing.TB, bootstrap string) (size int, zipped []byte) {
	t.Helper()
	content, err := os.ReadFile(bootstrap) //nolint:gosec // what a test has built
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestCompression) })
	file, err := w.Create("bootstrap")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return len(content), out.Bytes()
}
