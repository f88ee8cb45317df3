package fleet_test

import (
	"container/heap"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// jwtCalls are the calls of a poll that the App's key signs, jwtLimit what GitHub allows an App of them in an hour.
const jwtCalls, jwtLimit = 2, 5000

// The poll and the start of each run are real. The queue is simulated: it delays a task by 15 minutes at most, as SQS does.
func TestTenThousandConnectorsOfOneAppStayWithinItsLimit(t *testing.T) {
	t.Parallel()
	for connectors, within := range map[int]time.Duration{100: time.Minute, 10_000: 5 * time.Hour} {
		m := &appMorning{at: six}
		queued, err := collect.Poller{Store: list(connectors), Queue: m, Now: m.now}.Poll(t.Context(), six)
		if err != nil || queued != connectors {
			t.Fatalf("%d queued, %v", queued, err)
		}
		collector := collect.Collector{Store: m, Queue: m, Now: m.now, Log: slog.New(slog.DiscardHandler)}
		for m.waiting.Len() > 0 {
			next := heap.Pop(&m.waiting).(delivery)
			m.at = next.at
			if err := collector.Run(t.Context(), next.task); !errors.Is(err, errPolled) && err != nil {
				t.Fatal(err)
			}
		}
		most := 0
		for i, j := 0, 0; j < len(m.polled); j++ {
			for m.polled[j].Sub(m.polled[i]) >= time.Hour {
				i++
			}
			most = max(most, j-i+1)
		}
		took := m.polled[len(m.polled)-1].Sub(six)
		t.Logf("%d connectors are polled within %s, with at most %d calls of the key in an hour; tasks waited %d times", connectors, took, jwtCalls*most, m.again)
		if len(m.polled) != connectors || jwtCalls*most > jwtLimit*9/10 || took > within {
			t.Errorf("%d were polled", len(m.polled))
		}
	}
}

// appMorning is the queue and the store of connectors that all have an installation of the stack's App.
type appMorning struct {
	collect.Store
	at      time.Time
	waiting deliveries
	polled  []time.Time
	again   int
}

func (m *appMorning) now() time.Time { return m.at }

func (m *appMorning) Send(_ context.Context, tasks ...connector.Task) error {
	for _, task := range tasks {
		heap.Push(&m.waiting, delivery{m.at, task})
	}
	return nil
}

func (m *appMorning) SendLater(_ context.Context, task connector.Task, delay time.Duration) error {
	m.again++
	heap.Push(&m.waiting, delivery{m.at.Add(min(delay, 15*time.Minute)), task})
	return nil
}

func (m *appMorning) Connector(_ context.Context, ref connector.Ref) (*connector.Connector, error) {
	return &connector.Connector{Ref: ref, Phase: connector.Live, Credential: connector.Credential{Kind: credential.GitHubAppInstallation}}, nil
}

var errPolled = errors.New("the run has begun")

// Acquire takes a run for begun.
func (m *appMorning) Acquire(context.Context, connector.Ref, string, time.Time) (bool, error) {
	m.polled = append(m.polled, m.at)
	return false, errPolled
}

type delivery struct {
	at   time.Time
	task connector.Task
}

type deliveries []delivery

func (d deliveries) Len() int           { return len(d) }
func (d deliveries) Less(i, j int) bool { return d[i].at.Before(d[j].at) }
func (d deliveries) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }
func (d *deliveries) Push(x any)        { *d = append(*d, x.(delivery)) }
func (d *deliveries) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}
