// Package queuetest has tasks for the tests of queues: valid ones, and NotTasks, which every queue must refuse.
package queuetest

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Daily returns the task of a connector's daily poll.
func Daily(id string) connector.Task {
	return connector.Task{
		Tenant: "acme", Connector: id, Reason: connector.ReasonDaily,
		ScheduledFor: time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC),
	}
}

// Some returns n tasks, each of another connector.
func Some(n int) []connector.Task {
	tasks := make([]connector.Task, n)
	for i := range tasks {
		tasks[i] = Daily(connector.NewID())
	}
	return tasks
}

// NotTasks returns invalid tasks, which every queue must refuse.
func NotTasks() []connector.Task {
	var bad []connector.Task
	for _, spoil := range []func(*connector.Task){
		func(task *connector.Task) { task.Tenant = "" },
		func(task *connector.Task) { task.Connector = ".." },
		func(task *connector.Task) { task.Reason = "because" },
		func(task *connector.Task) { task.ScheduledFor = time.Time{} },
		func(task *connector.Task) { task.ScheduledFor = task.ScheduledFor.AddDate(9000, 0, 0) },
		func(task *connector.Task) { task.Attempt = 101 },
		func(task *connector.Task) { task.Days = []calendar.Date{1 << 40} },
	} {
		task := Daily(connector.NewID())
		spoil(&task)
		bad = append(bad, task)
	}
	return bad
}
