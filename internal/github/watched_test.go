package github_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/github"
)

// slowHost sends a byte after each of some pauses, and then nothing until the request ends.
type slowHost struct {
	request context.Context //nolint:containedctx // lives as long as the body
	pauses  []time.Duration
}

func (h *slowHost) Close() error { return nil }

func (h *slowHost) Read(p []byte) (int, error) {
	pause := time.Duration(1 << 60)
	if len(h.pauses) > 0 {
		pause, h.pauses = h.pauses[0], h.pauses[1:]
	}
	select {
	case <-time.After(pause):
		return copy(p, "x"), nil
	case <-h.request.Done():
		return 0, h.request.Err()
	}
}

// A host is given up when one read has waited for so long, whatever the reader did before with the bytes that it had.
func TestOnlyTheTimeWithoutBytesCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const patience = 10 * time.Second
		request, cancel := context.WithCancel(t.Context())
		body := github.Watch(request, cancel, &slowHost{request: request, pauses: []time.Duration{9 * time.Second, 9 * time.Second, 1}}, patience)
		for _, work := range []time.Duration{0, 25 * time.Second, 3 * time.Second} {
			if _, err := io.ReadFull(body, make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(work)
		}
		began := time.Now()
		_, err := body.Read(make([]byte, 1))
		if waited := time.Since(began); !errors.Is(err, github.ErrIdle) || waited < patience || waited > patience*9/8 {
			t.Errorf("it was given up after %s with %v, want %s or an eighth more", waited, err, patience)
		}
	})
}

func TestNothingLooksAtABodyThatIsNotReadAnyMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		request, cancel := context.WithCancel(t.Context())
		body := github.Watch(request, cancel, &slowHost{request: request}, time.Second)
		time.Sleep(time.Hour)
		if request.Err() != nil {
			t.Error("the request ended although nobody read")
		}
		cancel()
		time.Sleep(time.Hour)
		if body.Armed() {
			t.Error("the timer runs on")
		}
	})
}
