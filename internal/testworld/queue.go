package testworld

import (
	"context"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Queue is a queue that keeps tasks until the test takes them. It is safe for concurrent use.
type Queue struct {
	now func() time.Time

	mu    sync.Mutex
	tasks []Task
}

// Task is a task that waits.
type Task struct {
	connector.Task
	Delay time.Duration // with which it was sent
	Due   time.Time     // when the delay is over
}

// NewQueue returns an empty queue.
func NewQueue(now func() time.Time) *Queue { return &Queue{now: now} }

// Send keeps tasks that are due now.
func (q *Queue) Send(ctx context.Context, tasks ...connector.Task) error {
	for _, task := range tasks {
		_ = q.SendLater(ctx, task, 0)
	}
	return nil
}

// SendLater keeps a task that is due after a delay.
func (q *Queue) SendLater(_ context.Context, task connector.Task, delay time.Duration) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tasks = append(q.tasks, Task{Task: task, Delay: delay, Due: q.now().Add(delay)})
	return nil
}

// Take returns the tasks that were sent since the last call, in their order.
func (q *Queue) Take() []Task {
	q.mu.Lock()
	defer q.mu.Unlock()
	tasks := q.tasks
	q.tasks = nil
	return tasks
}

// Waiting returns the tasks that wait, in the order in which they were sent.
func (q *Queue) Waiting() (tasks []connector.Task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, task := range q.tasks {
		tasks = append(tasks, task.Task)
	}
	return tasks
}

// Next takes the task that is due first, if it is due before an instant. Of several it takes the one that was sent first.
func (q *Queue) Next(before time.Time) (next Task, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	at := -1
	for i, task := range q.tasks {
		if task.Due.Before(before) {
			at, before = i, task.Due
		}
	}
	if at < 0 {
		return Task{}, false
	}
	next = q.tasks[at]
	q.tasks = append(q.tasks[:at], q.tasks[at+1:]...)
	return next, true
}
