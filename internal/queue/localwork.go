package queue

import (
	"fmt"
	"runtime/debug"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// line puts a task behind those of its connector. The caller holds the lock, and the queue is not closed.
func (l *Local) line(q queued) {
	ref := q.task.Ref()
	waiting, beingWorkedOn := l.lines[ref]
	l.lines[ref] = append(waiting, q)
	if !beingWorkedOn {
		l.active.Go(func() { l.work(ref) })
	}
}

// work handles the tasks of a connector until none is left. It waits for a slot before each of them, so that a
// connector with many does not keep others waiting.
func (l *Local) work(ref connector.Ref) {
	for {
		next, ok := l.next(ref)
		if !ok || !l.enter() {
			return
		}
		l.done(next, l.try(next.task))
		<-l.slots
	}
}

// enter waits for a free slot; false: the queue is closed.
func (l *Local) enter() bool {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return false
	}
	if l.isClosed() { // select takes either case when both are ready
		<-l.slots
		return false
	}
	return true
}

// next takes the first task of a line, or the line away when it is empty.
func (l *Local) next(ref connector.Ref) (queued, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting := l.lines[ref]
	if len(waiting) == 0 {
		delete(l.lines, ref)
		return queued{}, false
	}
	l.lines[ref] = waiting[1:]
	return waiting[0], true
}

// try handles a task. A panic of the handler is an error of the task.
func (l *Local) try(task connector.Task) (err error) {
	defer func() {
		if recover() != nil {
			// The panic's value may hold anything, a token too. A stack holds addresses only.
			err = &fault.Error{Code: fault.Internal, Op: "handle a task", Err: fmt.Errorf("panic: %s", debug.Stack())}
		}
	}()
	return l.handle(l.ctx, task)
}

func (l *Local) done(q queued, err error) {
	if err != nil {
		l.log.ErrorContext(l.ctx, "task failed", "tenant", q.task.Tenant, "connector", q.task.Connector,
			"reason", q.task.Reason, "code", fault.CodeOf(err), "error", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.counts.Failed++
	} else {
		l.counts.Done++
	}
	if q.prompt {
		if l.prompt--; l.prompt == 0 {
			close(l.idle)
		}
	}
}
