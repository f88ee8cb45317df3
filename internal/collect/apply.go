package collect

import (
	"context"
	"log/slog"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/measure"
)

// apply stores the judgement of a reading and tells people. Then, while there is spare time, it removes people from old days, but not longer
// than work lasts, because the tasks that follow must still be queued. It returns them, also beside an error. After a rename, the same task
// follows, and there is nothing else to store.
func (c Collector) apply(ctx, work, spare context.Context, r poll.Reading) ([]poll.FollowUp, error) {
	if fault.Is(r.Stop, fault.Store) {
		return nil, r.Stop // the store does not work, so nothing can be stored
	}
	if r.Followed {
		task := r.Task
		task.Followed = true
		return []poll.FollowUp{{Task: task}}, nil
	}
	var verdict poll.Judgement
	conn, err := c.Store.Change(ctx, r.Conn.Ref, func(conn *connector.Connector) error {
		if conn.Phase == connector.Live {
			verdict = poll.Judge(*conn, r)
			*conn = verdict.After
		}
		return nil
	})
	if err != nil || conn == nil || conn.Phase != connector.Live { // a deleted connector sends no more mails
		return nil, err
	}
	c.log(ctx, r, verdict)
	c.countSeats(ctx, conn, r)
	if _, err := c.Notifier.Flush(ctx, conn); err != nil {
		// The notices stay in the connector, and the daily reminders send them.
		c.Log.WarnContext(ctx, "notices not sent", "tenant", conn.Tenant, "connector", conn.ID, "error", err)
	}
	left, err := c.removeOld(work, conn, r.Began, &pace{spare: spare})
	if err != nil {
		c.Log.WarnContext(ctx, "old people not removed", "tenant", conn.Tenant, "connector", conn.ID, "error", err)
	}
	if left && r.IsPoll() {
		verdict.Next = append(verdict.Next, poll.Removal(r.Task))
	}
	if fault.Is(r.Stop, fault.Internal, fault.Vault) {
		return verdict.Next, r.Stop
	}
	return verdict.Next, nil
}

// log writes the log line of the run, with its metrics.
func (c Collector) log(ctx context.Context, r poll.Reading, verdict poll.Judgement) {
	read, updated := r.Count()
	successful := 0
	if verdict.Outcome != connector.OutcomeFailed {
		successful = 1
	}
	c.Log.LogAttrs(ctx, slog.LevelInfo, "polled", slog.String("tenant", r.Conn.Tenant), slog.String("connector", r.Conn.ID),
		slog.String("reason", string(r.Task.Reason)), slog.String("status", string(verdict.After.Status)), slog.String("outcome", string(verdict.Outcome)),
		slog.Int("daysRead", read), measure.CountBy("Polls", 1, verdict.Code), measure.Count("SuccessfulPolls", successful),
		measure.Count("DaysUpdated", updated))
}

// countSeats counts the seats of the newest days, because the reports of this run may have changed their statuses. After a failure the
// next poll counts them.
func (c Collector) countSeats(ctx context.Context, conn *connector.Connector, r poll.Reading) {
	backfilled := r.Task.Reason == connector.ReasonOlder && conn.Backfill == nil
	if !r.Agenda.SeatsAndCost && !backfilled {
		return
	}
	today := calendar.DateOf(r.Began)
	if err := c.Seats.CountSeats(ctx, conn, calendar.Range{From: today - poll.Reread, To: today}); err != nil {
		c.Log.WarnContext(ctx, "seats not counted", "tenant", conn.Tenant, "connector", conn.ID, "error", err)
	}
}
