package collect

import (
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// judgement is what follows from a reading for the connector in its present state.
type judgement struct {
	after   connector.Connector // the connector that must be stored
	outcome connector.Outcome
	code    string     // the code of the run's metric
	next    []followUp // tasks for the work that is left
}

// judge returns what follows from a reading. It asks nobody and changes neither argument, so that it can be repeated if somebody else
// has changed the connector in the meantime.
func judge(before connector.Connector, r reading) judgement {
	j := &judging{reading: r, before: before, after: before}
	j.after.Notices, j.after.Events = slices.Clone(before.Notices), slices.Clone(before.Events)
	j.after.ToldMissing, j.after.ToldLost, j.after.ToldStops = slices.Clone(before.ToldMissing), slices.Clone(before.ToldLost), slices.Clone(before.ToldStops)
	j.progress()
	if !j.replaced() {
		j.credential()
		j.capabilities()
		j.trouble = troubles(j)
		j.status()
		j.notices()
	}
	outcome := j.outcome()
	return judgement{after: j.after, outcome: outcome, code: j.code(outcome), next: followUps(j)}
}

// judging is a judgement that is being made.
type judging struct {
	reading
	before, after connector.Connector
	trouble       []string // sentences that say what is wrong and what to do about it
}

// replaced reports whether the token was replaced during the run. Then the results with the old token do not matter.
func (j *judging) replaced() bool {
	return j.before.Credential.Fingerprint != j.conn.Credential.Fingerprint
}

// progress updates which days exist, and how far the polls have come.
func (j *judging) progress() {
	c := &j.after
	for date, d := range j.days {
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
	if c.AccountID == "" {
		c.AccountID = j.accountID
	}
	if j.task.Reason != connector.ReasonOlder && c.PollAskedAt.Equal(j.conn.PollAskedAt) { // otherwise a new poll was requested during the run
		c.PollAskedAt = time.Time{}
	}
	c.Retries = retries(c.Retries, j.reading)
	if j.bills.final != nil {
		c.BillsFinal = j.bills.final
	}
	if j.parts.final != nil {
		c.PartsFinal = j.parts.final
	}
	if !j.complete() {
		return
	}
	c.Backfill = progressed(&j.before, j.reading)
	newest := pollDay(j.task, calendar.DateOf(j.began)) - 1
	if j.task.Reason != connector.ReasonOlder && (c.LookedThrough == nil || newest > *c.LookedThrough) {
		c.LookedThrough = &newest
	}
}

// credential updates what GitHub said about the token.
func (j *judging) credential() {
	c := &j.after
	if j.token != nil && j.token.fingerprint != c.Credential.Fingerprint { // a rotation crashed after it had stored the token
		c.Credential = connector.Credential{Kind: j.token.kind, Fingerprint: j.token.fingerprint, KeyFingerprint: j.token.keyFingerprint, RotatedAt: j.began}
		c.Record(j.began, audit.Poll, audit.Rotated, "the vault holds "+j.token.fingerprint)
	}
	if j.identity == nil {
		return
	}
	if app := j.identity.App; app != nil {
		c.Credential.App = app.After(c.Credential.App)
	}
	c.Credential.Login, c.Credential.Scopes = j.identity.Login, j.identity.Scopes
	if c.Credential.ExpiryUnreadable = j.identity.ExpiryUnreadable; !c.Credential.ExpiryUnreadable {
		c.Credential.ExpiresAt = j.identity.ExpiresAt
		c.Credential.ExpiryDisproved = j.identity.ExpiryDisproved != nil
	}
}

// capabilities updates what the token may read. If people can be read again, days without people are read again.
func (j *judging) capabilities() {
	c := &j.after
	c.Capabilities = j.reading.capabilities(j.before.Capabilities)
	c.Granted = c.Granted.Widened(c.Capabilities)
	if j.seats.asked && j.seats.plan != copilot.PlanUnknown {
		c.Plan = j.seats.plan
	}
	was := j.before.Capabilities
	if was.Usage == access.OK && was.Users == access.Denied && c.Capabilities.Users == access.OK && j.complete() {
		c.Backfill = NewBackfill(c.Scope, calendar.DateOf(j.began))
	}
}

// outcomes says how a run ended. The first row whose condition holds counts.
var outcomes = []struct {
	when    func(*judging) bool
	outcome connector.Outcome
}{
	{func(j *judging) bool { return j.nothingRead() && (j.stop != nil || j.denied()) }, connector.OutcomeFailed},
	{func(j *judging) bool { return j.stop != nil || len(j.trouble) > 0 }, connector.OutcomePartial},
	{func(*judging) bool { return true }, connector.OutcomeOK},
}

func (j *judging) nothingRead() bool {
	read, _ := j.count()
	return read == 0 && !j.advanced
}

func (j *judging) outcome() connector.Outcome {
	for _, row := range outcomes {
		if row.when(j) {
			return row.outcome
		}
	}
	return ""
}

// code returns the code of the run's metric: the reason why it stopped, else the failed check of Verify, else its outcome.
func (j *judging) code(outcome connector.Outcome) string {
	if j.stop != nil && !fault.Is(j.stop, fault.NotFound) {
		return string(fault.CodeOf(j.stop))
	}
	if check := failing(j.cause); j.denied() && check != nil {
		return string(check.ID)
	}
	return string(outcome)
}
