package main

import (
	"net/http"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// remindNow answers POST /local/schedules/remind. It sends reminders as at the instant in the body, or now if there is none.
func (a *app) remindNow(w http.ResponseWriter, r *http.Request) {
	instant, refused := a.instant(w, r)
	if refused != nil {
		a.log.Warn("schedule refused", "schedule", "remind", "error", refused.Detail)
		refused.Write(w)
		return
	}
	// Reminders wait at most two minutes for a claim that a killed program has left.
	if err := http.NewResponseController(w).SetWriteDeadline(time.Time{}); err != nil {
		a.log.Warn("long reminders will not be answered", "error", err)
	}
	sent, err := a.reminder.Remind(r.Context(), instant)
	if r.Context().Err() != nil {
		return // the caller has disconnected
	}
	if err != nil {
		a.log.Error("reminders failed", "scheduledFor", instant, "error", err)
		edge.NewProblem(http.StatusInternalServerError, "internal", "Not all reminders were sent: the log says why.").Write(w)
		return
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", struct {
		ScheduledFor time.Time `json:"scheduledFor"`
		Sent         int       `json:"sent"`
	}{instant.Truncate(time.Second), sent})
}
