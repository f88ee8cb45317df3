package poll

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

// Judgement is what follows from a reading for the connector in its present state.
type Judgement struct {
	After   connector.Connector // the connector that must be stored
	Outcome connector.Outcome
	Code    string     // the code of the run's metric
	Next    []FollowUp // tasks for the work that is left
}

// Judge returns what follows from a reading. It asks nobody and changes neither argument, so that it can be repeated if somebody else
// has changed the connector in the meantime.
func Judge(before connector.Connector, r Reading) Judgement {
	j := &judging{Reading: r, before: before, after: before}
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
	return Judgement{After: j.after, Outcome: outcome, Code: j.code(outcome), Next: followUps(j)}
}

// judging is a judgement that is being made.
type judging struct {
	Reading
	before, after connector.Connector
	trouble       []string // sentences that say what is wrong and what to do about it
}

// replaced reports whether the token was replaced during the run. Then the results with the old token do not matter.
func (j *judging) replaced() bool {
	return j.before.Credential.Fingerprint != j.Conn.Credential.Fingerprint
}

// progress updates which days exist, and how far the polls have come.
func (j *judging) progress() {
	c := &j.after
	for date, d := range j.Days {
		if d.State == "" {
			continue
		}
		if c.FirstDay == nil || date < *c.FirstDay {
			c.FirstDay = &date
		}
		if d.State == metrics.Final && (c.LatestFinalDay == nil || date > *c.LatestFinalDay) {
			c.LatestFinalDay = &date
		}
	}
	if c.AccountID == "" {
		c.AccountID = j.AccountID
	}
	if j.Task.Reason != connector.ReasonOlder && c.PollAskedAt.Equal(j.Conn.PollAskedAt) { // otherwise a new poll was requested during the run
		c.PollAskedAt = time.Time{}
	}
	c.Retries = retries(c.Retries, j.Reading)
	if j.Bills.Final != nil {
		c.BillsFinal = j.Bills.Final
	}
	if j.Parts.Final != nil {
		c.PartsFinal = j.Parts.Final
	}
	if !j.complete() {
		return
	}
	c.Backfill = progressed(&j.before, j.Reading)
	newest := DayOf(j.Task, calendar.DateOf(j.Began)) - 1
	if j.Task.Reason != connector.ReasonOlder && (c.LookedThrough == nil || newest > *c.LookedThrough) {
		c.LookedThrough = &newest
	}
}

// credential updates what GitHub said about the token.
func (j *judging) credential() {
	c := &j.after
	if j.Token != nil && j.Token.Fingerprint != c.Credential.Fingerprint { // a rotation crashed after it had stored the token
		c.Credential = connector.Credential{Kind: j.Token.Kind, Fingerprint: j.Token.Fingerprint, KeyFingerprint: j.Token.KeyFingerprint, RotatedAt: j.Began}
		c.Record(j.Began, audit.Poll, audit.Rotated, "the vault holds "+j.Token.Fingerprint)
	}
	if j.Identity == nil {
		return
	}
	if app := j.Identity.App; app != nil {
		c.Credential.App = app.After(c.Credential.App)
	}
	c.Credential.Login, c.Credential.Scopes = j.Identity.Login, j.Identity.Scopes
	if c.Credential.ExpiryUnreadable = j.Identity.ExpiryUnreadable; !c.Credential.ExpiryUnreadable {
		c.Credential.ExpiresAt = j.Identity.ExpiresAt
		c.Credential.ExpiryDisproved = j.Identity.ExpiryDisproved != nil
	}
}

// capabilities updates what the token may read. If people can be read again, days without people are read again.
func (j *judging) capabilities() {
	c := &j.after
	c.Capabilities = j.Reading.capabilities(j.before.Capabilities)
	c.Granted = c.Granted.Widened(c.Capabilities)
	if j.Seats.Asked && j.Seats.Plan != copilot.PlanUnknown {
		c.Plan = j.Seats.Plan
	}
	was := j.before.Capabilities
	if was.Usage == access.OK && was.Users == access.Denied && c.Capabilities.Users == access.OK && j.complete() {
		c.Backfill = NewBackfill(c.Scope, calendar.DateOf(j.Began))
	}
}

// outcomes says how a run ended. The first row whose condition holds counts.
var outcomes = []struct {
	when    func(*judging) bool
	outcome connector.Outcome
}{
	{func(j *judging) bool { return j.nothingRead() && (j.Stop != nil || j.denied()) }, connector.OutcomeFailed},
	{func(j *judging) bool { return j.Stop != nil || len(j.trouble) > 0 }, connector.OutcomePartial},
	{func(*judging) bool { return true }, connector.OutcomeOK},
}

func (j *judging) nothingRead() bool {
	read, _ := j.Count()
	return read == 0 && !j.Advanced
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
	if j.Stop != nil && !fault.Is(j.Stop, fault.NotFound) {
		return string(fault.CodeOf(j.Stop))
	}
	if check := failing(j.Verified); j.denied() && check != nil {
		return string(check.ID)
	}
	return string(outcome)
}
