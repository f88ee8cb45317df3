package poll

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

const (
	// maxAttempts bounds how often a task is queued again after a transient failure. The next poll tries again anyway.
	maxAttempts = 4

	// longestDelay is the longest delay of a queue.
	longestDelay = 15 * time.Minute

	// stepsWithin is longer than the time between two steps of a running backfill, or of a removal of people. If it has not moved for so
	// long, its task is lost, and the poll queues it again.
	stepsWithin = 30 * time.Minute
)

// FollowUp is a task for work that a run has left.
type FollowUp struct {
	Task  connector.Task
	Delay time.Duration
}

// whatFollows lists what can be left after a run, with the task for it. Each row whose condition holds gives a task.
var whatFollows = []struct {
	when func(*judging) bool
	task func(*judging) FollowUp
}{
	{func(j *judging) bool { return fault.Is(j.Stop, fault.OutOfTime) && j.goOn().Task.Attempt < maxAttempts }, (*judging).goOn},
	{func(j *judging) bool { return j.passes() && !LastAttempt(j.Task) }, (*judging).again},
	{func(j *judging) bool { return j.complete() && j.after.Backfill != nil && j.backfillRests() }, (*judging).older},
	{func(j *judging) bool { return len(j.after.Forgetting) > 0 && j.IsPoll() && j.removalRests() }, (*judging).removal},
}

func followUps(j *judging) []FollowUp {
	var next []FollowUp
	for _, row := range whatFollows {
		if row.when(j) {
			next = append(next, row.task(j))
		}
	}
	return next
}

// goOn reads the days that were not read to their end. Only runs without progress count as attempts.
func (j *judging) goOn() FollowUp {
	task := j.Task
	if task.Reason != connector.ReasonOlder {
		task.Reason, task.Days = connector.ReasonResume, j.left()
	}
	task.Attempt++
	if len(j.Days) > len(j.having(Day.outOfTime)) || j.Advanced {
		task.Attempt = 0
	}
	return FollowUp{Task: task}
}

// passes reports whether something had a transient failure. Single days of a backfill are left to the polls, so that the other days
// come first.
func (j *judging) passes() bool {
	return fault.CodeOf(j.Stop).Transient() ||
		j.Task.Reason != connector.ReasonOlder && j.Stop == nil && len(j.having(Day.transient)) > 0
}

func (j *judging) again() FollowUp {
	task := j.Task
	task.Attempt++
	delay := max(retryAfter(j.Stop), time.Minute<<(2*task.Attempt-2))
	return FollowUp{Task: task, Delay: min(delay, longestDelay)}
}

// backfillRests reports whether nobody else takes the next step of the backfill.
func (j *judging) backfillRests() bool {
	return j.Task.Reason == connector.ReasonOlder || j.Began.Sub(j.after.Backfill.SteppedAt) > stepsWithin
}

func (j *judging) older() FollowUp {
	c := &j.after
	return FollowUp{
		Task:  connector.Task{Tenant: c.Tenant, Connector: c.ID, ScheduledFor: j.Task.ScheduledFor, Reason: connector.ReasonOlder},
		Delay: j.Pause,
	}
}

// removalRests reports whether nobody removes the people who are to be removed.
func (j *judging) removalRests() bool { return j.Began.Sub(j.after.RemovalSteppedAt) > stepsWithin }

func (j *judging) removal() FollowUp { return Removal(j.Task) }

// Removal returns the task that removes the people who are left after another task.
func Removal(after connector.Task) FollowUp {
	return FollowUp{Task: connector.Task{Tenant: after.Tenant, Connector: after.Connector, ScheduledFor: after.ScheduledFor, Reason: connector.ReasonForget}}
}

// IsPoll reports whether the run is a whole poll, and not a step of a backfill or the rest of another run.
func (r Reading) IsPoll() bool {
	return r.Task.Reason != connector.ReasonOlder && r.Task.Reason != connector.ReasonResume
}
