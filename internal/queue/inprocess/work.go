package inprocess

import (
	"fmt"
	"runtime/debug"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// line puts a task at the end of its connector's line. The caller holds the lock, and the queue is not closed.
func (q *Queue) line(one queued) {
	ref := one.task.Ref()
	waiting, beingWorkedOn := q.lines[ref]
	q.lines[ref] = append(waiting, one)
	if !beingWorkedOn {
		q.active.Go(func() { q.work(ref) })
	}
}

// work handles the tasks of a connector until none is left. It waits for a slot before each task, so that a connector with
// many tasks does not block the others.
func (q *Queue) work(ref connector.Ref) {
	for {
		next, ok := q.next(ref)
		if !ok || !q.enter() {
			return
		}
		q.done(next, q.try(next.task))
		<-q.slots
	}
}

// enter waits for a free slot. It returns false if the queue is closed.
func (q *Queue) enter() bool {
	select {
	case q.slots <- struct{}{}:
	case <-q.closed:
		return false
	}
	if q.isClosed() { // select chooses either case if both are ready
		<-q.slots
		return false
	}
	return true
}

// next removes and returns the first task of a line. It removes the line if it is empty.
func (q *Queue) next(ref connector.Ref) (queued, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := q.lines[ref]
	if len(waiting) == 0 {
		delete(q.lines, ref)
		return queued{}, false
	}
	q.lines[ref] = waiting[1:]
	return waiting[0], true
}

// try handles a task. A panic of the handler becomes an error of the task.
func (q *Queue) try(task connector.Task) (err error) {
	defer func() {
		if recover() != nil {
			// The panic's value may contain a token. The stack contains only addresses.
			err = &fault.Error{Code: fault.Internal, Op: "handle a task", Err: fmt.Errorf("panic: %s", debug.Stack())}
		}
	}()
	return q.handle(q.ctx, task)
}

func (q *Queue) done(one queued, err error) {
	if err != nil {
		log := q.log.With("tenant", one.task.Tenant, "connector", one.task.Connector, "reason", one.task.Reason, "code", fault.CodeOf(err), "error", err)
		if q.ctx.Err() != nil { // Close has ended it
			log.InfoContext(q.ctx, "task interrupted")
		} else {
			log.ErrorContext(q.ctx, "task failed")
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err != nil {
		q.counts.Failed++
		q.again(one)
	} else {
		q.counts.Done++
	}
	if one.prompt {
		if q.prompt--; q.prompt == 0 {
			close(q.idle)
		}
	}
}

// again puts a failed task in line for another try, unless this was its last. Drain does not wait for it. The caller holds
// the lock.
func (q *Queue) again(one queued) {
	if one.tries++; one.tries == maxTries || q.isClosed() {
		return
	}
	q.lineLater(queued{task: one.task, tries: one.tries}, firstRetry<<(2*(one.tries-1)))
}
