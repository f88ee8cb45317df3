package collect

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// applyStatus says how the connector fares after this run, in words for the people who have to do something about it.
func (r *run) applyStatus(c *connector.Connector) {
	if r.task.Reason == connector.ReasonOlder && passes(r.stop) && r.task.Attempt+1 < maxAttempts {
		return // it is tried again soon
	}
	if r.task.Reason == connector.ReasonOlder && r.complete() && r.unreadErr() == nil {
		if c.Status == connector.StatusBackfilling && c.Backfill == nil {
			c.Status = connector.StatusActive
		}
		return // it says nothing about the days of the poll
	}
	trouble := r.trouble(c)
	c.StatusReason = strings.Join(trouble, " ")
	switch {
	case fault.Is(r.stop, fault.TokenRefused, fault.NoToken):
		c.Status = connector.StatusExpired
	case len(trouble) > 0:
		c.Status = connector.StatusDegraded
	case c.Backfill != nil:
		c.Status = connector.StatusBackfilling
	default:
		c.Status = connector.StatusActive
	}
	c.LastPoll = r.lastPoll(c.LastPoll, len(trouble) > 0)
}

func (r *run) lastPoll(before *connector.Poll, troubled bool) *connector.Poll {
	read, updated := r.count()
	poll := &connector.Poll{
		At: r.began.UTC().Truncate(time.Second), ScheduledFor: r.task.ScheduledFor, Outcome: connector.OutcomeOK, DaysUpdated: updated,
		Detail: r.detail(read, updated),
	}
	if r.task.Reason == connector.ReasonResume && before != nil && before.ScheduledFor.Equal(poll.ScheduledFor) {
		poll.DaysUpdated += before.DaysUpdated
	}
	switch {
	case r.stop != nil && read == 0 && !r.advanced.Load():
		poll.Outcome = connector.OutcomeFailed
	case r.stop != nil, troubled:
		poll.Outcome = connector.OutcomePartial
	}
	return poll
}

// detail sums a poll up in a sentence or two.
func (r *run) detail(read, updated int) string {
	detail := fmt.Sprintf("Read %d of %s, %d of them new or restated.", read, days(len(r.planned)), updated)
	if len(r.planned) == 0 {
		detail = "No day was read."
	}
	if late := r.late(); len(late) > 0 {
		detail += fmt.Sprintf(" GitHub has no report yet for %s.", calendar.ListDates(late))
	}
	return detail
}

// late lists the last days that have no report yet.
func (r *run) late() []calendar.Date {
	scheduled := calendar.DateOf(r.task.ScheduledFor)
	var late []calendar.Date
	for date, d := range r.days {
		if absent(d.err) && d.err != nil && date >= scheduled-reread {
			late = append(late, date)
		}
	}
	slices.Sort(late)
	return late
}

// trouble lists what is wrong and what to do about it, nothing when all is well.
func (r *run) trouble(c *connector.Connector) []string {
	var trouble []string
	if words := r.stopped(); words != "" {
		trouble = append(trouble, words)
	}
	if len(c.Unread) > 0 {
		trouble = append(trouble, fmt.Sprintf("The reports of %s could not be read whole%s. What was read of them before stands, and each poll tries again. "+
			"If it stays so, see that the network here lets them through, and tell GitHub Support the account and the days.",
			calendar.ListDates(c.Unread), why(r.unreadErr())))
	}
	if r.usersRefused != nil {
		trouble = append(trouble, fmt.Sprintf("GitHub does not let the token read per-user reports%s. Days are shown without engaged users, credits and people. %s",
			why(r.usersRefused), newToken(c)))
	}
	seats := c.Capabilities.Seats == access.Denied && c.Granted.Seats == access.OK
	switch {
	case !r.seats.asked || r.seats.err == nil || r.stopKind() != "" || r.stop != nil && !refusal(r.stop):
	case seats:
		trouble = append(trouble, fmt.Sprintf("The token may not list seats any more%s. Usage is not affected. %s", why(r.seats.err), newToken(c)))
	case access.PermittedBy(r.seats.err, "") == "":
		trouble = append(trouble, fmt.Sprintf("The seats could not be read%s. Those of the last poll stand, and the next poll tries again.", why(r.seats.err)))
	}
	if r.billBroken != nil {
		trouble = append(trouble, fmt.Sprintf("The bill of AI credits was not taken%s. What was read of it before stands, and each poll tries again.", why(r.billBroken)))
	}
	return trouble
}

// stopped says what kept the poll from its end; nothing when it came there, or goes on by itself.
func (r *run) stopped() string {
	const heals = " No day is lost: what was not read is read by the next poll."
	switch code := fault.CodeOf(r.stop); {
	case code == "" && r.cause == nil:
		return ""
	case r.denied():
		return failures(r.cause)
	case r.stop == nil && r.cause.OK:
		return "" // nothing is wrong: the reports are late
	case r.stop == nil:
		return "GitHub shows no reports, and could not be asked why." + heals
	case code == fault.TokenRefused:
		return fmt.Sprintf("GitHub refuses the token since the poll of %s: it has expired or was revoked. %s The days missed until then are read afterwards.",
			r.began.UTC().Format("2 January 2006"), newToken(r.conn))
	case code == fault.NoToken:
		return "The token is not in the vault any more. " + newToken(r.conn)
	case code == fault.OutOfTime && r.task.Attempt+1 < maxAttempts:
		return ""
	case code == fault.OutOfTime:
		return "GitHub is so slow that nothing could be read in the time of a whole run." + heals
	case code == fault.RateLimited:
		return fmt.Sprintf("GitHub's rate limit is reached%s, until %s.%s", why(r.stop),
			r.began.Add(retryAfter(r.stop)).UTC().Format("15:04 UTC on 2 January"), heals)
	case code == fault.ReportHost, code == fault.ReportCut:
		return fmt.Sprintf("The host where GitHub keeps the reports gave no whole report%s.%s", why(r.stop), heals)
	case code == fault.Unreachable:
		return fmt.Sprintf("GitHub could not be reached%s. https://www.githubstatus.com tells whether it has trouble.%s", why(r.stop), heals)
	case code == fault.Unexpected, code == fault.NotGitHub, code == fault.NotFound: // of the token's owner, the first question
		return fmt.Sprintf("GitHub answered in a way it does not document%s. It may not be GitHub that answers.%s", why(r.stop), heals)
	case refusal(r.stop) && r.cause != nil && r.cause.OK:
		return fmt.Sprintf("GitHub refused the reports%s, but not any more.%s", why(r.stop), heals)
	case refusal(r.stop):
		return fmt.Sprintf("GitHub refused the reports%s, and could not be asked for more.%s", why(r.stop), heals)
	}
	return "Something went wrong on our side; it is in our log." + heals
}

// failures joins what Verify says of the checks that fail.
func failures(result *verify.Result) string {
	var sentences []string
	for _, check := range result.Checks {
		if check.Status == verify.Fail {
			sentences = append(sentences, check.Detail)
			if check.Remedy != nil {
				sentences = append(sentences, *check.Remedy)
			}
		}
	}
	return strings.Join(sentences, " ")
}

// newToken says how to make a token that reads what this one could.
func newToken(c *connector.Connector) string {
	return access.Wanted{Account: c.Account, Billing: c.Granted.Billing == access.OK}.Instructions().Words
}

// unreadErr is the newest day's reason of those that could not be read whole in this run.
func (r *run) unreadErr() error {
	for _, date := range r.planned {
		if d := r.days[date]; d.failed() {
			return errors.Join(d.err, d.usersErr)
		}
	}
	return nil
}

func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// why adds the reason that an error gives to the end of a sentence.
func why(err error) string {
	if words := fault.CauseOf(err); words != "" {
		return ": " + words
	}
	return ""
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
