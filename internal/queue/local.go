package queue

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Local hands tasks to a handler of the same program. They are in memory only: what was not handled when the program
// ends is lost, and what failed is not tried again. It is safe for concurrent use, by the handler too.
type Local struct {
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
}

// Counts is how many tasks have been handled.
type Counts struct{ Done, Failed int }

// NewLocal handles at most so many tasks at a time, those of one connector one after another. The context that handle
// gets ends when a Close has run out of time.
func NewLocal(workers int, log *slog.Logger, handle func(context.Context, connector.Task) error) *Local {
	ctx, cancel := context.WithCancel(context.Background())
	return &Local{
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
func (l *Local) Send(_ context.Context, tasks ...connector.Task) error {
	for _, task := range tasks {
		if err := check(task); err != nil {
			return notATask("send a task", err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isClosed() {
		return errClosed("send tasks")
	}
	for _, task := range tasks {
		if l.prompt == 0 {
			l.idle = make(chan struct{})
		}
		l.prompt++
		l.line(queued{task, true})
	}
	return nil
}

// SendLater queues a task once the delay has passed.
func (l *Local) SendLater(ctx context.Context, task connector.Task, delay time.Duration) error {
	if delay <= 0 {
		return l.Send(ctx, task)
	}
	if err := check(task); err != nil {
		return notATask("send a task", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isClosed() {
		return errClosed("send tasks")
	}
	l.active.Go(func() {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-l.closed:
			return
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if !l.isClosed() {
			l.line(queued{task, false})
		}
	})
	return nil
}

// Drain waits until every task that was sent without delay is done, those among them that other tasks sent. Tasks with
// a delay are not waited for.
func (l *Local) Drain(ctx context.Context) error {
	l.mu.Lock()
	prompt, idle := l.prompt, l.idle
	l.mu.Unlock()
	if prompt == 0 {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-l.closed:
		return errClosed("wait for tasks")
	case <-ctx.Done():
		return &fault.Error{Code: fault.Queue, Op: "wait for tasks", Err: ctx.Err()}
	}
}

// Close drops what waits and lets what is under way end. When ctx ends first, it ends the context of what is under
// way and returns an error; another Close waits for the rest.
func (l *Local) Close(ctx context.Context) error {
	l.mu.Lock()
	if !l.isClosed() {
		close(l.closed)
	}
	l.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		l.active.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		l.cancel()
		return nil
	case <-ctx.Done():
		l.cancel()
		return &fault.Error{Code: fault.Queue, Op: "wait for tasks under way", Err: ctx.Err()}
	}
}

// Handled tells how many tasks have been handled so far.
func (l *Local) Handled() Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.counts
}

func (l *Local) isClosed() bool {
	select {
	case <-l.closed:
		return true
	default:
		return false
	}
}

func errClosed(op string) error {
	return &fault.Error{Code: fault.Queue, Op: op, Err: errors.New("the queue is closed")}
}
