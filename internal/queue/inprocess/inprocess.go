// Package inprocess is the queue of tasks within the local program.
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

// Queue hands tasks to a handler of the same program. They are in memory only: what was not handled when the program
// ends is lost. What fails is tried again, as SQS does it, with growing distance and maxTries times in all. It is safe for concurrent use, by the handler too.
type Queue struct {
	handle func(context.Context, connector.Task) error
	log    *slog.Logger

	slots  chan struct{} // one for each task under way
	ctx    context.Context
	cancel context.CancelFunc // ends what is under way
	closed chan struct{}      // closed by the first Close
	active sync.WaitGroup     // the goroutines; none starts once closed is

	mu     sync.Mutex
	lines  map[connector.Ref][]queued // what waits, by connector; there is an entry while a goroutine works on it
	prompt int                        // tasks sent without delay that are not done
	idle   chan struct{}              // closed once prompt is 0 again
	counts Counts
}

type queued struct {
	task   connector.Task
	prompt bool // sent without delay
	tries  int  // how often it has failed
}

const (
	// maxTries is how often a task is tried; the SQS queue of template.yaml gives it up after as many.
	maxTries = 5

	// firstRetry is how long after its first failure a task is tried again; each further time it is four times as long.
	firstRetry = time.Minute
)

// Counts is how many tasks have been handled. One that is tried again counts each time.
type Counts struct{ Done, Failed int }

// New handles at most so many tasks at a time, those of one connector one after another. The context that handle
// gets ends when a Close has run out of time.
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

// Send queues all of the tasks, or none where one cannot be a task or the queue is closed.
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

// SendLater queues a task once the delay has passed.
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

// lineLater lines a task up once the delay has passed. The caller holds the lock, and the queue is not closed.
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

// Drain waits until every task that was sent without delay is done, those among them that other tasks sent. Tasks with
// a delay are not waited for.
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

// Close drops what waits and lets what is under way end. When ctx ends first, it ends the context of what is under
// way and returns an error; another Close waits for the rest.
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

// Handled tells how many tasks have been handled so far.
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

func errClosed(op string) error {
	return &fault.Error{Code: fault.Queue, Op: op, Err: errors.New("the queue is closed")}
}
