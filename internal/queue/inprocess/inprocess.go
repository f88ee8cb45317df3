// Package inprocess is the task queue of the local program, in memory. Start reading at Queue; work.go has its goroutines.
package inprocess

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/queue"
)

// Queue passes tasks to a handler in the same program. Tasks are only in memory: when the program ends, tasks that were not
// handled are lost. As with SQS, a failed task is tried again after growing pauses, up to maxTries times. Queue is safe for
// concurrent use, also by the handler.
type Queue struct {
	handle func(context.Context, connector.Task) error
	log    *slog.Logger

	slots  chan struct{} // one for each running task
	ctx    context.Context
	cancel context.CancelFunc // ends the running tasks
	closed chan struct{}      // closed by the first Close
	active sync.WaitGroup     // the goroutines; none starts after closed is closed

	mu     sync.Mutex
	lines  map[connector.Ref][]queued // waiting tasks by connector; a connector has an entry while a goroutine works on it
	prompt int                        // number of tasks sent without delay that are not done
	idle   chan struct{}              // closed once prompt is 0 again
	counts Counts
}

type queued struct {
	task   connector.Task
	prompt bool // sent without delay
	tries  int  // how often it has failed
}

const (
	// maxTries is how often a task is tried. The SQS queue in template.yaml has the same limit.
	maxTries = 5

	// firstRetry is the pause after the first failure of a task. Each further pause is four times as long.
	firstRetry = time.Minute
)

// Counts is how many tasks have been handled. Each try of a task counts.
type Counts struct{ Done, Failed int }

// New returns a queue that handles at most workers tasks at the same time, and those of one connector one after another. The
// context of handle ends when a Close has run out of time.
func New(workers int, log *slog.Logger, handle func(context.Context, connector.Task) error) *Queue {
	ctx, cancel := context.WithCancel(context.Background())
	return &Queue{
		handle: handle,
		log:    log,
		slots:  make(chan struct{}, max(1, workers)),
		ctx:    ctx,
		cancel: cancel,
		closed: make(chan struct{}),
		lines:  make(map[connector.Ref][]queued),
	}
}

// Send queues all tasks. If one is invalid or the queue is closed, it queues none and returns an error.
func (q *Queue) Send(_ context.Context, tasks ...connector.Task) error {
	for _, task := range tasks {
		if err := queue.Check(task); err != nil {
			return queue.NotATask("send a task", err)
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.isClosed() {
		return errClosed("send tasks")
	}
	for _, task := range tasks {
		if q.prompt == 0 {
			q.idle = make(chan struct{})
		}
		q.prompt++
		q.line(queued{task: task, prompt: true})
	}
	return nil
}

// SendLater queues a task after the delay.
func (q *Queue) SendLater(ctx context.Context, task connector.Task, delay time.Duration) error {
	if delay <= 0 {
		return q.Send(ctx, task)
	}
	if err := queue.Check(task); err != nil {
		return queue.NotATask("send a task", err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.isClosed() {
		return errClosed("send tasks")
	}
	q.lineLater(queued{task: task}, delay)
	return nil
}

// lineLater puts a task in line after the delay. The caller holds the lock, and the queue is not closed.
func (q *Queue) lineLater(one queued, delay time.Duration) {
	q.active.Go(func() {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-q.closed:
			return
		}
		q.mu.Lock()
		defer q.mu.Unlock()
		if !q.isClosed() {
			q.line(one)
		}
	})
}

// Drain waits until every task that was sent without delay is done, including those that other tasks send. It does not wait
// for tasks with a delay.
func (q *Queue) Drain(ctx context.Context) error {
	q.mu.Lock()
	prompt, idle := q.prompt, q.idle
	q.mu.Unlock()
	if prompt == 0 {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-q.closed:
		return errClosed("wait for tasks")
	case <-ctx.Done():
		return &fault.Error{Code: fault.Queue, Op: "wait for tasks", Err: ctx.Err()}
	}
}

// Close drops the waiting tasks and waits for the running ones. If ctx ends first, Close ends the context of the running tasks
// and returns an error; another Close then waits for them.
func (q *Queue) Close(ctx context.Context) error {
	q.mu.Lock()
	if !q.isClosed() {
		close(q.closed)
	}
	q.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		q.active.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		q.cancel()
		return nil
	case <-ctx.Done():
		q.cancel()
		return &fault.Error{Code: fault.Queue, Op: "wait for tasks under way", Err: ctx.Err()}
	}
}

// Handled returns how many tasks have been handled so far.
func (q *Queue) Handled() Counts {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.counts
}

func (q *Queue) isClosed() bool {
	select {
	case <-q.closed:
		return true
	default:
		return false
	}
}

// ErrClosed is the cause of errors after Close was called.
var ErrClosed = errors.New("the queue is closed")

func errClosed(op string) error {
	return &fault.Error{Code: fault.Queue, Op: op, Err: ErrClosed}
}
