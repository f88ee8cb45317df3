package collect

import (
	"context"
	"log/slog"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/measure"
)

// apply stores the judgement of a reading and tells people. It returns the tasks that follow, also beside an error. After a rename, the
// same task follows, and there is nothing else to store.
func (c Collector) apply(ctx context.Context, r reading) ([]followUp, error) {
	if fault.Is(r.stop, fault.Store) {
		return nil, r.stop // the store does not work, so nothing can be stored
	}
	if r.followed {
		task := r.task
		task.Followed = true
		return []followUp{{task: task}}, nil
	}
	var verdict judgement
	conn, err := c.Store.Change(ctx, r.conn.Ref, func(conn *connector.Connector) error {
		if conn.Phase == connector.Live {
			verdict = judge(*conn, r)
			*conn = verdict.after
		}
		return nil
	})
	if err != nil || conn == nil || conn.Phase != connector.Live { // a deleted connector sends no more mails
		return nil, err
	}
	c.log(ctx, r, verdict)
	c.countSeats(ctx, conn, r)
	c.removeOld(ctx, conn, r.began)
	if _, err := c.Notifier.Flush(ctx, conn); err != nil {
		// The notices stay in the connector, and the daily reminders send them.
		c.Log.WarnContext(ctx, "notices not sent", "tenant", conn.Tenant, "connector", conn.ID, "error", err)
	}
	if fault.Is(r.stop, fault.Internal, fault.Vault) {
		return verdict.next, r.stop
	}
	return verdict.next, nil
}

// log writes the log line of the run, with its metrics.
func (c Collector) log(ctx context.Context, r reading, verdict judgement) {
	read, updated := r.count()
	successful := 0
	if verdict.outcome != connector.OutcomeFailed {
		successful = 1
	}
	c.Log.LogAttrs(ctx, slog.LevelInfo, "polled", slog.String("tenant", r.conn.Tenant), slog.String("connector", r.conn.ID),
		slog.String("reason", string(r.task.Reason)), slog.String("status", string(verdict.after.Status)), slog.String("outcome", string(verdict.outcome)),
		slog.Int("daysRead", read), measure.CountBy("Polls", 1, verdict.code), measure.Count("SuccessfulPolls", successful),
		measure.Count("DaysUpdated", updated))
}

// countSeats counts the seats of the newest days, because the reports of this run may have changed their statuses. After a failure the
// next poll counts them.
func (c Collector) countSeats(ctx context.Context, conn *connector.Connector, r reading) {
	backfilled := r.task.Reason == connector.ReasonOlder && conn.Backfill == nil
	if !r.agenda.seatsAndCost && !backfilled {
		return
	}
	today := calendar.DateOf(r.began)
	if err := c.Seats.CountSeats(ctx, conn, calendar.Range{From: today - reread, To: today}); err != nil {
		c.Log.WarnContext(ctx, "seats not counted", "tenant", conn.Tenant, "connector", conn.ID, "error", err)
	}
}
