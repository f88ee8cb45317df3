package collect

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

	// stepsWithin is longer than the time between two steps of a running backfill. If a backfill has not moved for so long, its task is
	// lost, and the poll queues it again.
	stepsWithin = 30 * time.Minute
)

// followUp is a task for work that a run has left.
type followUp struct {
	task  connector.Task
	delay time.Duration
}

// follow lists what can be left after a run, with the task for it. Each row whose condition holds gives a task.
var follow = []struct {
	when func(*judging) bool
	task func(*judging) followUp
}{
	{func(j *judging) bool { return fault.Is(j.stop, fault.OutOfTime) && j.goOn().task.Attempt < maxAttempts }, (*judging).goOn},
	{func(j *judging) bool { return j.passes() && !lastAttempt(j.task) }, (*judging).again},
	{func(j *judging) bool { return j.complete() && j.after.Backfill != nil && j.backfillRests() }, (*judging).older},
}

func followUps(j *judging) []followUp {
	var next []followUp
	for _, row := range follow {
		if row.when(j) {
			next = append(next, row.task(j))
		}
	}
	return next
}

// goOn reads the days that were not read to their end. Only runs without progress count as attempts.
func (j *judging) goOn() followUp {
	task := j.task
	if task.Reason != connector.ReasonOlder {
		task.Reason, task.Days = connector.ReasonResume, j.left()
	}
	task.Attempt++
	if len(j.days) > len(j.having(dayReading.outOfTime)) || j.advanced {
		task.Attempt = 0
	}
	return followUp{task: task}
}

// passes reports whether something had a transient failure. Single days of a backfill are left to the polls, so that the other days
// come first.
func (j *judging) passes() bool {
	return fault.CodeOf(j.stop).Transient() ||
		j.task.Reason != connector.ReasonOlder && j.stop == nil && len(j.having(dayReading.transient)) > 0
}

func (j *judging) again() followUp {
	task := j.task
	task.Attempt++
	delay := max(retryAfter(j.stop), time.Minute<<(2*task.Attempt-2))
	return followUp{task: task, delay: min(delay, longestDelay)}
}

// backfillRests reports whether nobody else takes the next step of the backfill.
func (j *judging) backfillRests() bool {
	return j.task.Reason == connector.ReasonOlder || j.began.Sub(j.after.Backfill.SteppedAt) > stepsWithin
}

func (j *judging) older() followUp {
	c := &j.after
	return followUp{
		task:  connector.Task{Tenant: c.Tenant, Connector: c.ID, ScheduledFor: j.task.ScheduledFor, Reason: connector.ReasonOlder},
		delay: j.pause,
	}
}
