package fleet_test

import (
	"context"
	"crypto/md5" //nolint:gosec // SQS's own checksum of a message
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	sqsqueue "cloudmonitor.ai/copilot-connector/internal/queue/sqs"
)

// tasks is the queue of tasks: a simulated SQS that takes messages and hands them out.
type tasks struct {
	waiting chan time.Time // the arrival time of each message
	mu      sync.Mutex
	done    int
	oldest  time.Duration // the longest time that a message waited
	began   time.Time
	pace    map[int]int // tasks taken in each period since began
}

// period is the period of the alarm TasksDelayed.
const period = 5 * time.Minute

func newTasks() *tasks {
	return &tasks{waiting: make(chan time.Time, 1_000_000), began: time.Now(), pace: map[int]int{}}
}

func (q *tasks) close() { close(q.waiting) }

// client returns the poll's client of the queue. It uses no network.
func (q *tasks) client() *sqsqueue.Queue {
	return sqsqueue.New(sqs.New(sqs.Options{
		Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), HTTPClient: q,
	}), "https://sqs.eu-west-1.amazonaws.com/123456789012/tasks")
}

// Do accepts a batch of messages.
func (q *tasks) Do(r *http.Request) (*http.Response, error) {
	time.Sleep(queueAnswers)
	var batch struct {
		Entries []struct{ ID, MessageBody string }
	}
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		return nil, err
	}
	var answer struct{ Successful []map[string]string }
	for _, entry := range batch.Entries {
		q.waiting <- time.Now()
		sum := md5.Sum([]byte(entry.MessageBody)) //nolint:gosec // SQS's own checksum of a message
		answer.Successful = append(answer.Successful, map[string]string{
			"Id": entry.ID, "MessageId": entry.ID, "MD5OfMessageBody": hex.EncodeToString(sum[:]),
		})
	}
	w := httptest.NewRecorder()
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// Lambda begins with five runs at a time and adds up to sixty each minute.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
const firstRuns, moreRunsAMinute = 5, 60

// collect does the tasks until the queue is closed and empty, as many at a time as Lambda does. Each takes the given time.
func (s settings) collect(q *tasks, run time.Duration) (ended <-chan struct{}) {
	all := make(chan struct{})
	go func() {
		var running sync.WaitGroup
		for n := range s.atOnce {
			running.Go(func() {
				time.Sleep(time.Duration(max(0, n-firstRuns+1)) * time.Minute / moreRunsAMinute)
				for came := range q.waiting {
					q.take(time.Since(came))
					time.Sleep(run)
				}
			})
		}
		running.Wait()
		close(all)
	}()
	return all
}

func (q *tasks) take(waited time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done++
	q.pace[int(time.Since(q.began)/period)]++
	q.oldest = max(q.oldest, waited)
}

// slowest returns the smallest number of tasks taken in a period, after Lambda has reached all its runs and before the last
// period.
func (q *tasks) slowest(took time.Duration) int {
	least := math.MaxInt
	for n := 2; n < int(took/period); n++ {
		least = min(least, q.pace[n])
	}
	return least
}

// list is the part of a table that lists connectors.
type list int

func poller(q *tasks, connectors int) collect.Poller {
	return collect.Poller{Store: list(connectors), Queue: q.client(), Now: func() time.Time { return six }}
}

func (l list) Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Due, error) {
	time.Sleep(tableAnswers)
	next := 0
	if after.ID != "" {
		next = numberOf(after) + 1
	}
	var due []connector.Due
	for ; next < int(l) && len(due) < limit; next++ {
		due = append(due, connector.Due{Ref: refOf(next)})
	}
	return due, ctx.Err()
}

// refOf makes a connector's id from a number, which it writes in letters.
func refOf(n int) connector.Ref {
	id := []byte(fmt.Sprintf("%020d", n))
	for i := range id {
		id[i] += 'a' - '0'
	}
	return connector.Ref{Tenant: "acme", ID: string(id)}
}

func numberOf(ref connector.Ref) (n int) {
	for _, letter := range ref.ID {
		n = 10*n + int(letter-'a')
	}
	return n
}
