package githubsim

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// serveFile answers like Azure Blob Storage: it supports a strong ETag, If-Match, and one range of bytes.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, p population, f file) {
	header, tag := w.Header(), f.etag(p)
	header.Set("ETag", tag)
	header.Set("Accept-Ranges", "bytes")
	if match := r.Header.Get("If-Match"); match != "" && match != "*" && match != tag {
		blobError(w, http.StatusPreconditionFailed, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.")
		return
	}
	first, last, ranged := rangeOf(r.Header.Get("Range"))
	if !ranged {
		_ = knownFiles.write(w, tag, p, f) // fails only if the client has disconnected
		return
	}
	size := s.sizes.of(tag, func(count io.Writer) error { return knownFiles.write(count, tag, p, f) })
	if first >= size {
		header.Set("Content-Range", fmt.Sprintf("bytes */%d", size))
		blobError(w, http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The range specified is invalid for the current size of the resource.")
		return
	}
	last = min(last, size-1)
	header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, size))
	header.Set("Content-Length", strconv.FormatInt(last-first+1, 10))
	w.WriteHeader(http.StatusPartialContent)
	_ = http.NewResponseController(w).Flush() // because the bytes before the range must be written too, which takes time
	_ = knownFiles.write(&section{next: w, skip: first, left: last - first + 1}, tag, p, f)
}

// etag changes whenever the content of the file changes.
func (f file) etag(p population) string {
	a, h := p.account, sha256.New()
	_, _ = fmt.Fprintln(h, a.key(), a.origin(), a.Seats, a.ZeroActive, a.CompletionModels, a.SettlesAfter, a.Spending, a.shards(), f.report.name, f.day, f.part)
	for _, on := range f.days(p) {
		_, _ = fmt.Fprintln(h, on, p.age(on), p.revision(on))
		if f.report.of == aMember {
			_, _ = fmt.Fprintln(h, a.RestatedTeams[on.String()])
		}
	}
	return fmt.Sprintf(`"0x%X"`, h.Sum(nil)[:8])
}

// rangeOf reads "bytes=5-" and "bytes=5-9", both ends included. It ignores every other range, as HTTP allows.
func rangeOf(header string) (first, last int64, ok bool) {
	bytes, inBytes := strings.CutPrefix(header, "bytes=")
	from, to, isRange := strings.Cut(bytes, "-")
	first, err := strconv.ParseInt(from, 10, 64)
	if !inBytes || !isRange || err != nil {
		return 0, 0, false
	}
	if to == "" {
		return first, math.MaxInt64, true
	}
	last, err = strconv.ParseInt(to, 10, 64)
	return first, last, err == nil && last >= first
}

// section writes only the bytes of a range.
type section struct {
	next       io.Writer
	skip, left int64
}

var errEnough = errors.New("the range ends here")

func (s *section) Write(b []byte) (int, error) {
	skipped := min(s.skip, int64(len(b)))
	s.skip -= skipped
	wanted := b[skipped:]
	wanted = wanted[:min(s.left, int64(len(wanted)))]
	s.left -= int64(len(wanted))
	if _, err := s.next.Write(wanted); err != nil {
		return 0, err
	}
	if s.left == 0 {
		return 0, errEnough
	}
	return len(b), nil
}

// fileSizes keeps the sizes of files of which a range was requested, because a file must be written to count its bytes.
type fileSizes struct {
	mu    sync.Mutex
	byTag map[string]int64
}

func (f *fileSizes) of(tag string, write func(io.Writer) error) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	size, known := f.byTag[tag]
	if known {
		return size
	}
	var counted counter
	_ = write(&counted) // cannot fail
	if f.byTag == nil {
		f.byTag = make(map[string]int64)
	}
	f.byTag[tag] = int64(counted)
	return int64(counted)
}

type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
