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
		m := &appMorning{list: list(connectors), every: 1}
		m.poll(t)
		most := 0
		for i, j := 0, 0; j < len(m.polled); j++ {
			for m.polled[j].Sub(m.polled[i]) >= time.Hour {
				i++
			}
			most = max(most, j-i+1)
		}
		took := m.polled[len(m.polled)-1].Sub(six)
		t.Logf("%d connectors are polled within %s, with at most %d calls of the key in an hour; tasks waited %d times", connectors, took, jwtCalls*most, m.again)
		if jwtCalls*most > jwtLimit*9/10 || took > within {
			t.Errorf("%d were polled", len(m.polled))
		}
	}
}

// Only connectors that share the limit wait for it, and only for each other.
func TestConnectorsOfTheAppDoNotWaitForThoseWithTokens(t *testing.T) {
	t.Parallel()
	m := &appMorning{list: 100_000, every: 1000}
	m.poll(t)
	if took := m.polled[len(m.polled)-1].Sub(six); took > 0 || m.again > 0 {
		t.Errorf("100 connectors with the App among 100,000 took %s and waited %d times, want none to wait", took, m.again)
	}
}

// poll polls all connectors and runs their tasks until none is left.
func (m *appMorning) poll(t *testing.T) {
	t.Helper()
	m.at = six
	queued, err := collect.Poller{Store: m, Queue: m, Now: m.now}.Poll(t.Context(), six)
	if err != nil || queued != int(m.list) {
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
	if len(m.polled) != int(m.list) {
		t.Errorf("%d were polled", len(m.polled))
	}
}

// appMorning is the queue and the store of connectors. The last one of every so many has an installation of the stack's App.
type appMorning struct {
	collect.Store
	list    list
	every   int
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

func (m *appMorning) Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Due, error) {
	due, err := m.list.Due(ctx, after, limit)
	for i := range due {
		due[i].Endless = m.credential(due[i].Ref).Endless()
	}
	return due, err
}

func (m *appMorning) Connector(_ context.Context, ref connector.Ref) (*connector.Connector, error) {
	return &connector.Connector{Ref: ref, Phase: connector.Live, Credential: m.credential(ref)}, nil
}

func (m *appMorning) credential(ref connector.Ref) connector.Credential {
	if (numberOf(ref)+1)%m.every == 0 {
		return connector.Credential{Kind: credential.GitHubAppInstallation}
	}
	return connector.Credential{Kind: credential.ClassicPAT}
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
