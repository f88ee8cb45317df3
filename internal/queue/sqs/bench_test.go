package sqs_test

import (
	"net/http/httptest"
	"testing"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/queue/queuetest"
	"cloudmonitor.ai/copilot-connector/internal/queue/sqs"
)

// BenchmarkQueueTenThousand sends 10,000 tasks over HTTP to a queue that takes 10 ms for each call. It reports tasks a
// second, and how many times faster that is than one task at a time, measured on 100.
func BenchmarkQueueTenThousand(b *testing.B) {
	fake := &fakeSQS{latency: 10 * time.Millisecond}
	server := httptest.NewServer(fake)
	defer server.Close()
	q := sqs.New(awssqs.New(options(nil, &server.URL)), queueURL)
	tasks, sample := queuetest.Some(10_000), queuetest.Some(100)

	began := time.Now()
	for _, task := range sample {
		if err := q.Send(b.Context(), task); err != nil {
			b.Fatal(err)
		}
	}
	oneAtATime := float64(len(sample)) / time.Since(began).Seconds()

	sent := 0
	for b.Loop() {
		if err := q.Send(b.Context(), tasks...); err != nil {
			b.Fatal(err)
		}
		sent += len(tasks)
	}
	perSecond := float64(sent) / b.Elapsed().Seconds()
	b.ReportMetric(perSecond, "tasks/s")
	b.ReportMetric(perSecond/oneAtATime, "times-one-at-a-time")
	if got := len(fake.got); got != sent+len(sample) {
		b.Fatalf("%d tasks arrived of %d", got, sent+len(sample))
	}
}
