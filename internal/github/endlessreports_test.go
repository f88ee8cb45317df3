package github_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

// bomb is a megabyte of zeros, compressed to a thousandth of its size. A gzip file may contain any number of bombs.
var bomb = gzipped(strings.Repeat("\x00", 1<<20))

// explode answers with so many bombs, or until the client is gone.
func explode(bombs int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		for n := 0; n != bombs && r.Context().Err() == nil; n++ {
			_, _ = io.WriteString(w, bomb)
		}
	}
}

func TestAGzipBombStopsAtTheLimitAndIsNotKeptInMemory(t *testing.T) {
	client := connect(t, reporting(t, explode(-1)).URL)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var n int64
	err := read(t.Context(), client, org, reports.Aggregate, func(part io.Reader) (err error) {
		n, err = io.Copy(io.Discard, part)
		return err
	})
	runtime.ReadMemStats(&after)
	check(t, err, fault.ReportBroken)
	if n != github.MaxAggregateReport {
		t.Errorf("%d bytes were read", n)
	}
	if held := after.TotalAlloc - before.TotalAlloc; held > 16<<20 {
		t.Errorf("%d bytes were allocated while reading", held)
	}

	client = connect(t, reporting(t, explode(github.MaxAggregateReport>>20)).URL)
	check(t, read(t.Context(), client, org, reports.Aggregate, func(part io.Reader) error {
		_, err := io.Copy(io.Discard, part)
		return err
	}), "")
}

func TestReadingEndlessEmptyGzipMembersEnds(t *testing.T) {
	var empty strings.Builder // a gzip member with 64 KiB of header and no content
	w := gzip.NewWriter(&empty)
	w.Extra = make([]byte, 1<<16-1)
	_ = w.Close()
	client := connect(t, reporting(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, empty.String())
		}
	}).URL)
	check(t, read(t.Context(), client, org, reports.Aggregate, func(part io.Reader) error {
		n, err := io.Copy(io.Discard, part)
		if n != 0 {
			t.Errorf("%d bytes were read", n)
		}
		return err
	}), fault.ReportBroken)
}

func TestABodyThatNeverEndsEndsWithTheContext(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte(row))
			}
		},
		"slow": func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(row))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			client := connect(t, reporting(t, handler).URL)
			ctx, cancel := context.WithCancel(t.Context())
			err := read(ctx, client, org, reports.PerUser, func(part io.Reader) error {
				_, err := io.ReadFull(part, make([]byte, len(row)))
				cancel()
				_, rest := io.Copy(io.Discard, part)
				return errors.Join(err, rest)
			})
			check(t, err, fault.OutOfTime)
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	client := connect(t, reporting(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}).URL)
	_, err := report(ctx, client, org, reports.PerUser)
	check(t, err, fault.OutOfTime)
}
