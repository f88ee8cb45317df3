package collect

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/measure"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// conclude tells the connector what has come of the run, and sees that what is left is gone on with.
func (r *run) conclude(ctx context.Context) error {
	if fault.Is(r.stop, fault.Store) {
		return r.stop // then this could not be stored either
	}
	conn, err := r.Store.Change(ctx, r.conn.Ref, func(c *connector.Connector) error {
		if c.Phase == connector.Live {
			r.apply(c)
		}
		return nil
	})
	if err != nil || conn == nil || conn.Phase != connector.Live { // deleted meanwhile: nobody is told of it any more
		return err
	}
	r.log(ctx, conn)
	if _, err := r.Notifier.Flush(ctx, conn); err != nil {
		// They stay in the connector, and the daily reminders send them.
		r.Log.WarnContext(ctx, "notices not sent", "tenant", conn.Tenant, "connector", conn.ID, "error", err)
	}
	if task, delay, ok := r.next(conn); ok {
		if err := r.Queue.SendLater(ctx, task, delay); err != nil {
			return err
		}
	}
	if fault.Is(r.stop, fault.Internal, fault.Vault) {
		return r.stop
	}
	return nil
}

// log tells of the run, and counts it.
func (r *run) log(ctx context.Context, conn *connector.Connector) {
	read, updated := r.count()
	outcome, successful := r.lastPoll(nil, len(r.trouble(conn)) > 0).Outcome, 0
	if outcome != connector.OutcomeFailed {
		successful = 1
	}
	r.Log.LogAttrs(ctx, slog.LevelInfo, "polled", slog.String("tenant", conn.Tenant), slog.String("connector", conn.ID),
		slog.String("reason", string(r.task.Reason)), slog.String("status", string(conn.Status)), slog.String("outcome", string(outcome)),
		slog.Int("daysRead", read), measure.CountBy("Polls", 1, r.code(outcome)), measure.Count("SuccessfulPolls", successful),
		measure.Count("DaysUpdated", updated))
}

// code is what the run is counted by: what stopped it, or the check that says why there are no reports, or its outcome.
func (r *run) code(outcome connector.Outcome) string {
	if r.stop != nil {
		return string(fault.CodeOf(r.stop))
	}
	if r.denied() {
		for _, check := range r.cause.Checks {
			if check.Status == verify.Fail {
				return string(check.ID)
			}
		}
	}
	return string(outcome)
}

// apply changes the connector by what came of the run. It may be repeated on what others made of it meanwhile.
func (r *run) apply(c *connector.Connector) {
	r.applyDays(c)
	if c.Credential.Fingerprint != r.conn.Credential.Fingerprint {
		return // the token was replaced meanwhile: how the old one fared is of no interest any more
	}
	before := c.Status
	if fingerprint := r.token.Fingerprint(); !fault.Is(r.stop, fault.NoToken, fault.Vault) && fingerprint != c.Credential.Fingerprint {
		// A rotation died after it had stored the token.
		c.Credential = connector.Credential{Kind: r.token.Kind(), Fingerprint: fingerprint, RotatedAt: r.began}
		c.Record(r.began, connector.ActorPoll, connector.ActionRotated, "the vault holds "+fingerprint)
	}
	if r.identity != nil {
		c.Credential.Login, c.Credential.Scopes = r.identity.Login, r.identity.Scopes
		c.Credential.ExpiryDisproved = r.identity.ExpiryDisproved != nil
		if c.Credential.ExpiryUnreadable = r.identity.ExpiryUnreadable; !c.Credential.ExpiryUnreadable {
			c.Credential.ExpiresAt = r.identity.ExpiresAt
		}
	}
	denied := c.Capabilities.Users == access.Denied
	r.applyCapabilities(c)
	if denied && c.Capabilities.Users == access.OK && r.complete() {
		c.Backfill = NewBackfill(c.Scope, calendar.DateOf(r.began)) // for the people of the days that were read without them
	}
	r.applyStatus(c)
	r.notice(c, before)
}

func (r *run) applyDays(c *connector.Connector) {
	for date, d := range r.days {
		if d.state == "" {
			continue
		}
		if c.FirstDay == nil || date < *c.FirstDay {
			c.FirstDay = &date
		}
		if d.state == metrics.Final && (c.LatestFinalDay == nil || date > *c.LatestFinalDay) {
			c.LatestFinalDay = &date
		}
	}
	c.Unread = r.unread(c.Unread)
	if !r.complete() {
		return
	}
	c.Backfill = r.progressed(c)
	// By the clock too: nobody has looked at days to come, whatever a schedule says.
	if newest := min(calendar.DateOf(r.task.ScheduledFor), calendar.DateOf(r.began)) - 1; r.task.Reason != connector.ReasonOlder &&
		(c.LookedThrough == nil || newest > *c.LookedThrough) {
		c.LookedThrough = &newest
	}
}

// maxUnread bounds the days that are tried again at each poll to more than GitHub keeps.
const maxUnread = 400

// unread is before, without the days that were read now, and with those that could not be read whole.
func (r *run) unread(before []calendar.Date) []calendar.Date {
	days := slices.DeleteFunc(slices.Clone(before), func(date calendar.Date) bool {
		d, looked := r.days[date]
		return looked && d.read() && !r.denied()
	})
	for date, d := range r.days {
		if d.failed() {
			days = append(days, date)
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	return days[max(0, len(days)-maxUnread):]
}

func (r *run) applyCapabilities(c *connector.Connector) {
	var usage, users []error
	for _, d := range r.days {
		usage = append(usage, d.err)
		if d.err == nil {
			users = append(users, d.usersErr)
		}
	}
	c.Capabilities.Usage = access.PermittedByReports(usage, c.Capabilities.Usage)
	c.Capabilities.Users = access.PermittedByReports(users, c.Capabilities.Users)
	if r.denied() {
		c.Capabilities.Usage = access.Denied
	}
	defer func() { c.Granted = c.Granted.Widened(c.Capabilities) }()
	if r.billAsked {
		c.Capabilities.Billing = access.PermittedBy(r.billErr, c.Capabilities.Billing)
	}
	if r.billsFinal != nil {
		c.BillsFinal = r.billsFinal
	}
	if r.seats.asked {
		c.Capabilities.Seats = access.PermittedBy(r.seats.err, c.Capabilities.Seats)
		if r.seats.plan != copilot.PlanUnknown {
			c.Plan = r.seats.plan
		}
	}
}

const (
	// maxAttempts bounds how often a task is put back after trouble that passes. The next poll tries again anyway.
	maxAttempts = 4

	// longestDelay is the longest that a queue keeps a task back.
	longestDelay = 15 * time.Minute
)

// stepsWithin is longer than a backfill under way takes from one step to the next. One that has not moved for so long has
// died, and the poll takes it up again.
const stepsWithin = 30 * time.Minute

// next is the task that goes on with what this one has left.
func (r *run) next(conn *connector.Connector) (task connector.Task, delay time.Duration, ok bool) {
	task = r.task
	switch {
	case fault.Is(r.stop, fault.OutOfTime):
		task.Reason, task.Days = connector.ReasonResume, r.left()
		if r.task.Reason == connector.ReasonOlder {
			task = r.task
		}
		if len(r.days) > r.outOfTime() || r.advanced.Load() {
			task.Attempt = 0
		} else {
			task.Attempt++
		}
		return task, 0, task.Attempt < maxAttempts
	case (passes(r.stop) || r.task.Reason != connector.ReasonOlder && r.someLost()) && task.Attempt+1 < maxAttempts:
		task.Attempt++
		delay = max(retryAfter(r.stop), time.Minute<<(2*task.Attempt-2))
		return task, min(delay, longestDelay), true
	case r.complete() && conn.Backfill != nil && (r.task.Reason == connector.ReasonOlder || r.began.Sub(conn.Backfill.SteppedAt) > stepsWithin):
		return connector.Task{
			Tenant: conn.Tenant, Connector: conn.ID, ScheduledFor: r.task.ScheduledFor, Reason: connector.ReasonOlder,
		}, r.Pause, true
	}
	return connector.Task{}, 0, false
}

// someLost says that a day failed by trouble that passes.
func (r *run) someLost() bool {
	for _, d := range r.days {
		if passes(d.err) || passes(d.usersErr) {
			return true
		}
	}
	return false
}

func (r *run) outOfTime() int {
	n := 0
	for _, d := range r.days {
		if fault.Is(d.err, fault.OutOfTime) || fault.Is(d.usersErr, fault.OutOfTime) {
			n++
		}
	}
	return n
}

// left lists the planned days that were not looked at to their end.
func (r *run) left() []calendar.Date {
	return slices.DeleteFunc(slices.Clone(r.planned), func(date calendar.Date) bool {
		d, looked := r.days[date]
		return looked && !fault.Is(d.err, fault.OutOfTime) && !fault.Is(d.usersErr, fault.OutOfTime)
	})
}

// count tells how many days' numbers were read, and how many of these are new.
func (r *run) count() (read, updated int) {
	for _, d := range r.days {
		if d.err == nil {
			read++
		}
		if d.updated {
			updated++
		}
	}
	return read, updated
}
