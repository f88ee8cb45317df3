// Package sqs is the task queue on AWS. Start reading at Queue. The receiving side is in package lambda, because Lambda itself
// receives the messages.
package sqs

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/cenkalti/backoff/v5"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/queue"
)

// Queue sends tasks to a standard SQS queue. It needs sqs:SendMessage. It is safe for concurrent use.
type Queue struct {
	client *sqs.Client
	url    string
}

// New returns a Queue that sends to the SQS queue at a URL.
func New(client *sqs.Client, url string) *Queue { return &Queue{client: client, url: url} }

const (
	maxDelay = 900 * time.Second // SQS's own limit

	perBatch   = 10 // SQS's own limit
	sideBySide = 16 // concurrent batches; at 10 ms each, 10,000 tasks take less than a second

	entryAttempts   = 4
	firstEntryPause = 100 * time.Millisecond // on average; each further pause is twice as long
)

// Send queues tasks in any order. An error says how many were not queued; the others were. If one task is invalid, Send
// queues none.
func (q *Queue) Send(ctx context.Context, tasks ...connector.Task) error {
	return q.send(ctx, tasks, 0)
}

// SendLater queues a task that is delivered after the delay, rounded up to a whole second. SQS delays messages by at most 15
// minutes; SendLater shortens a longer delay to that.
func (q *Queue) SendLater(ctx context.Context, task connector.Task, delay time.Duration) error {
	return q.send(ctx, []connector.Task{task}, delay)
}

func (q *Queue) send(ctx context.Context, tasks []connector.Task, delay time.Duration) error {
	delay = min(max(delay, 0), maxDelay)
	seconds := int32((delay + time.Second - 1) / time.Second) // rounded up, so that it never arrives too early
	entries := make([]types.SendMessageBatchRequestEntry, len(tasks))
	for i, task := range tasks {
		body, err := queue.Encode(task)
		if err != nil {
			return err
		}
		id := strconv.Itoa(i)
		entries[i] = types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &body, DelaySeconds: seconds}
	}

	var (
		sending sync.WaitGroup
		slots   = make(chan struct{}, sideBySide)
		unsent  atomic.Int64
		first   atomic.Pointer[error] // the reported cause; the others are most likely the same
	)
	for batch := range slices.Chunk(entries, perBatch) {
		slots <- struct{}{}
		sending.Go(func() {
			defer func() { <-slots }()
			if left, err := q.sendBatch(ctx, batch); err != nil {
				unsent.Add(int64(left))
				first.CompareAndSwap(nil, &err)
			}
		})
	}
	sending.Wait()
	if cause := first.Load(); cause != nil {
		return &fault.Error{
			Code: fault.Queue, Op: "send tasks",
			Err: fmt.Errorf("%d of %d were not queued: %w", unsent.Load(), len(tasks), *cause),
		}
	}
	return nil
}

// sendBatch returns how many entries were not queued, and why. It does not repeat a call that fails as a whole, because AWS's
// client has done that already.
func (q *Queue) sendBatch(ctx context.Context, entries []types.SendMessageBatchRequestEntry) (int, error) {
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		out, err := q.client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: entries})
		if err != nil {
			return struct{}{}, backoff.Permanent(awserror.Told(err))
		}
		if entries = unqueued(entries, out.Successful); len(entries) == 0 {
			return struct{}{}, nil
		}
		return struct{}{}, refusal(out.Failed)
	}, backoff.WithMaxTries(entryAttempts), backoff.WithBackOff(&backoff.ExponentialBackOff{
		InitialInterval: firstEntryPause, Multiplier: 2, RandomizationFactor: backoff.DefaultRandomizationFactor, MaxInterval: time.Second,
	}))
	return len(entries), err
}

// unqueued returns the entries that SQS does not report as queued.
func unqueued(entries []types.SendMessageBatchRequestEntry, queued []types.SendMessageBatchResultEntry) []types.SendMessageBatchRequestEntry {
	var rest []types.SendMessageBatchRequestEntry
	for _, entry := range entries {
		if !slices.ContainsFunc(queued, func(q types.SendMessageBatchResultEntry) bool { return q.Id != nil && *q.Id == *entry.Id }) {
			rest = append(rest, entry)
		}
	}
	return rest
}

// refusal returns why SQS refused the entries of a batch.
func refusal(failed []types.BatchResultErrorEntry) error {
	if len(failed) == 0 {
		return awserror.Code("")
	}
	return awserror.Code(aws.ToString(failed[0].Code))
}
