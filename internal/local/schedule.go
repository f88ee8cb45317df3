package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// pollAt is when the daily poll is due, after midnight UTC; as in template.yaml.
const pollAt = 6 * time.Hour

// pollDaily does what the schedule does on AWS.
func (a *app) pollDaily(ctx context.Context) {
	for {
		now := a.now()
		due := nextPoll(now)
		timer := time.NewTimer(due.Sub(now))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		queued, err := a.poller.Poll(ctx, due)
		if err != nil {
			a.log.Error("poll failed", "scheduledFor", due, "error", err)
			continue
		}
		a.log.Info("poll", "scheduledFor", due, "connectors", queued)
	}
}

// nextPoll is the next instant after now at which a poll is due.
func nextPoll(now time.Time) time.Time {
	due := now.UTC().Truncate(24 * time.Hour).Add(pollAt)
	if !due.After(now) {
		due = due.Add(24 * time.Hour)
	}
	return due
}

// pollNow answers POST /local/schedules/poll: it polls as if it were the instant that the body names, now where there
// is none, and waits until all is done.
func (a *app) pollNow(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Time time.Time `json:"time"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&body); err != nil && !errors.Is(err, io.EOF) {
		http.Error(w, `the body must be empty or {"time":"2026-11-22T06:00:00Z"}`, http.StatusBadRequest)
		return
	}
	if body.Time.IsZero() {
		body.Time = a.now()
	}
	before := a.tasks.Handled()
	queued, err := a.poller.Poll(r.Context(), body.Time.UTC().Truncate(time.Second))
	if err == nil {
		err = a.tasks.Drain(r.Context())
	}
	if err != nil {
		a.log.Error("poll failed", "error", err)
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	after := a.tasks.Handled()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{ // fails only when the caller has gone
		"scheduledFor": body.Time.UTC(), "connectors": queued,
		"tasksDone": after.Done - before.Done, "tasksFailed": after.Failed - before.Failed,
	})
}
