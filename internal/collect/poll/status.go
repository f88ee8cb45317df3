package poll

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// statuses has the status of a connector after a run. The first row whose condition holds counts.
var statuses = []struct {
	when   func(*judging) bool
	status connector.Status
}{
	{func(j *judging) bool { return j.stopKind() == connector.StoppedToken }, connector.StatusExpired},
	{func(j *judging) bool { return len(j.trouble) > 0 }, connector.StatusDegraded},
	{func(j *judging) bool { return j.after.Backfill != nil }, connector.StatusBackfilling},
	{func(*judging) bool { return true }, connector.StatusActive},
}

// status sets the connector's status and its reason. The reason is written for the people who must act.
func (j *judging) status() {
	c := &j.after
	if j.Task.Reason == connector.ReasonOlder {
		switch {
		case fault.CodeOf(j.Stop).Transient() && !LastAttempt(j.Task):
			return // the run is tried again soon
		case j.complete() && !slices.ContainsFunc(j.Agenda.Days, func(date calendar.Date) bool { return j.Days[date].failed() }):
			if c.Status == connector.StatusBackfilling && c.Backfill == nil {
				c.Status = connector.StatusActive
			}
			return // a step of the backfill says nothing about the days of the poll
		}
	}
	c.StatusReason = strings.Join(j.trouble, " ")
	for _, row := range statuses {
		if row.when(j) {
			c.Status = row.status
			break
		}
	}
	c.LastPoll = j.lastPoll()
}

func (j *judging) lastPoll() *connector.Poll {
	read, updated := j.Count()
	poll := &connector.Poll{
		At: j.Began.UTC().Truncate(time.Second), ScheduledFor: j.Task.ScheduledFor, Outcome: j.outcome(), DaysUpdated: updated,
		Detail: j.detail(read, updated),
	}
	before := j.before.LastPoll
	if j.Task.Reason == connector.ReasonResume && before != nil && before.ScheduledFor.Equal(poll.ScheduledFor) {
		poll.DaysUpdated += before.DaysUpdated
	}
	return poll
}

// detail describes a poll in one or two sentences.
func (j *judging) detail(read, updated int) string {
	detail := fmt.Sprintf("Read %d of %s, %d of them new or restated.", read, days(len(j.Agenda.Days)), updated)
	if len(j.Agenda.Days) == 0 {
		detail = "No day was read."
	}
	if late := j.late(); len(late) > 0 && !j.denied() {
		detail += fmt.Sprintf(" GitHub has no report yet for %s.", calendar.ListDates(late))
	}
	return detail
}

// late returns the last days without a report, oldest first.
func (j *judging) late() []calendar.Date {
	newest := DayOf(j.Task, calendar.DateOf(j.Began))
	late := j.having(func(d Day) bool { return d.Err != nil && Absent(d.Err) })
	slices.Reverse(late)
	return slices.DeleteFunc(late, func(date calendar.Date) bool { return date < newest-Reread })
}

// unreadErr returns the error of the newest day that could not be read whole in this run.
func (j *judging) unreadErr() error {
	_, err := j.newestUnread()
	return err
}

// newestUnread returns the newest day that could not be read whole in this run, with its error, or a nil error if there is none.
func (j *judging) newestUnread() (calendar.Date, error) {
	for _, date := range j.Agenda.Days {
		if d := j.Days[date]; d.failed() {
			return date, d.anyErr()
		}
	}
	return 0, nil
}

// whyUnread returns the reason why days could not be read. If the days have different reasons, or an earlier run tried them, it names the
// day to which the reason belongs.
func (j *judging) whyUnread() string {
	newest, err := j.newestUnread()
	words := why(err)
	if words == "" {
		return ""
	}
	for _, date := range j.after.Unreadable() {
		if d := j.Days[date]; !d.failed() || why(d.anyErr()) != words {
			return fmt.Sprintf(" (%s%s)", newest, words)
		}
	}
	return words
}

func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// said returns GitHub's own words, or "" if there are none.
func said(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Said
	}
	return ""
}

// why returns the reason that an error gives, as the end of a sentence.
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
