package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/queue/inprocess"
)

// pollSummary is the result of a poll of all connectors.
type pollSummary struct {
	ScheduledFor time.Time   `json:"scheduledFor"`
	Connectors   int         `json:"connectors"`
	OK           int         `json:"ok"`
	Partial      int         `json:"partial"`
	Failed       int         `json:"failed"`
	NotPolled    int         `json:"notPolled"`
	TasksFailed  int         `json:"tasksFailed"` // tasks that failed for reasons of our own; the log has them
	Attention    []attention `json:"attention"`   // all connectors whose status is not ok
}

// attention says what is wrong with a connector.
type attention struct {
	Tenant  string           `json:"tenant"`
	ID      string           `json:"id"`
	Slug    string           `json:"slug"`
	Status  connector.Status `json:"status"`
	Outcome string           `json:"outcome"`
	Reason  string           `json:"reason"`
}

// pollNow answers POST /local/schedules/poll. It polls as at the instant in the body, or now if there is none, and waits until
// all queued tasks are done.
func (a *app) pollNow(w http.ResponseWriter, r *http.Request) {
	instant, refused := a.instant(w, r)
	if refused != nil {
		a.log.Warn("schedule refused", "schedule", "poll", "error", refused.Detail)
		refused.Write(w)
		return
	}
	connection := http.NewResponseController(w)
	if err := errors.Join(connection.SetReadDeadline(time.Time{}), connection.SetWriteDeadline(time.Time{})); err != nil {
		a.log.Warn("a long poll will not be answered", "error", err)
	}
	summary, err := a.pollAndWait(r.Context(), instant)
	if r.Context().Err() != nil {
		return // the caller has disconnected; the queued tasks continue
	}
	if errors.Is(err, inprocess.ErrClosed) {
		a.log.Info("poll interrupted", "scheduledFor", instant)
		edge.NewProblem(http.StatusServiceUnavailable, "internal", "The program is ending.").Write(w)
		return
	}
	if err != nil {
		a.log.Error("poll failed", "scheduledFor", instant, "error", err)
		edge.NewProblem(http.StatusInternalServerError, "internal", "The poll came to no end: the log says why.").Write(w)
		return
	}
	summary.ScheduledFor = summary.ScheduledFor.Truncate(time.Second)
	edge.WriteJSON(w, http.StatusOK, "application/json", summary)
}

// instant reads the instant in the body of a request to a schedule. It returns now if the body is empty or names none.
func (a *app) instant(w http.ResponseWriter, r *http.Request) (time.Time, *edge.Problem) {
	now := a.now().UTC()
	text := bufio.NewReader(r.Body)
	if _, err := text.Peek(1); errors.Is(err, io.EOF) {
		return now, nil
	}
	var body struct {
		Time *time.Time `json:"time"`
	}
	r.Body = io.NopCloser(text)
	if p := edge.ReadJSON(w, r, &body); p != nil {
		p.Detail += ` The body must be empty, or the instant to do it for, like {"time":"2026-11-22T06:00:00Z"}.`
		return time.Time{}, p
	}
	if body.Time == nil {
		return now, nil
	}
	if err := calendar.CheckSchedule(*body.Time, now); err != nil {
		return time.Time{}, edge.Invalid(edge.FieldError{
			Field: "time", Detail: "is refused: " + fault.CauseOf(err) + ". To see what other days bring, start the program with another NOW",
		})
	}
	return body.Time.UTC(), nil
}

func (a *app) pollAndWait(ctx context.Context, instant time.Time) (pollSummary, error) {
	summary := pollSummary{ScheduledFor: instant, Attention: []attention{}}
	before, began := a.tasks.Handled().Failed, a.now().Truncate(time.Second)
	if _, err := a.poller.Poll(ctx, instant); err != nil {
		return summary, err
	}
	if err := a.tasks.Drain(ctx); err != nil {
		return summary, err
	}
	summary.TasksFailed = a.tasks.Handled().Failed - before
	return summary, a.each(ctx, func(c *connector.Connector) error {
		if c.Phase == connector.Live {
			summary.add(c, began)
		}
		return nil
	})
}

// add adds a connector's result in the poll that began then.
func (s *pollSummary) add(c *connector.Connector, began time.Time) {
	s.Connectors++
	trouble := attention{Tenant: c.Tenant, ID: c.ID, Slug: c.Slug, Status: c.Status, Reason: c.Veil().Text(c.StatusReason)}
	last := c.LastPoll
	switch {
	case last == nil || last.At.Before(began) && !last.ScheduledFor.Equal(s.ScheduledFor):
		s.NotPolled++
		trouble.Outcome = "not_polled"
		trouble.Reason = "Something went wrong on our side, and is in the log."
		if last != nil && last.Outcome == connector.OutcomeOK && last.ScheduledFor.After(s.ScheduledFor) {
			trouble.Reason = "It was polled for a later instant already: " + last.ScheduledFor.Format(time.RFC3339) + "."
		}
	case last.Outcome == connector.OutcomeOK:
		s.OK++
		return
	case last.Outcome == connector.OutcomePartial:
		s.Partial++
		trouble.Outcome = string(last.Outcome)
	default:
		s.Failed++
		trouble.Outcome = string(last.Outcome)
	}
	if trouble.Reason == "" {
		trouble.Reason = last.Detail
	}
	s.Attention = append(s.Attention, trouble)
}
