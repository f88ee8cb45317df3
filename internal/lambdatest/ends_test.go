package lambdatest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// afterLease is a time at which no earlier run can hold a connector any more.
const afterLease = 6 * time.Minute

func TestTheNextDeliveryFinishesAKilledCollect(t *testing.T) {
	t.Parallel()
	bootstrap := lambdatest.Build(t, "CollectFunction")
	for name, cut := range map[string]func(*lambdatest.Function) string{
		"ended by SIGTERM": (*lambdatest.Function).Stop,
		"killed":           (*lambdatest.Function).Kill,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			task, event := w.seed(), readEvent(t, "collect.json")
			gitHubURL, held := holding(t, w.gitHub.URL, asksFor(calendar.DateOf(task.ScheduledFor)-20)) // in the middle of the work
			function := w.start(bootstrap, "", gitHubURL)
			function.Begin(event)
			await(t, held)
			log := cut(function)
			if function.Answered() {
				t.Error("the message is acknowledged")
			}
			w.mustHide(log)

			again := w.start(bootstrap, "", "")
			again.Invoke(event) // it waits, because the lease of the killed run is still valid
			if days := w.days(task); len(days) >= 28 {
				t.Errorf("%d days are stored although the lease is still valid", len(days))
			}
			w.endLease(task.Ref())
			again.Invoke(event)
			if days := w.days(task); len(days) != 28 {
				t.Errorf("%d days are stored, want 28", len(days))
			}
			w.mustHide(again.Stop())
		})
	}
}

func TestAKilledSaveShowsNothing(t *testing.T) {
	t.Parallel()
	bootstrap := lambdatest.Build(t, "ConnectorsFunction")
	for name, tc := range map[string]struct {
		gitHub func(*http.Request) bool
		aws    func(*http.Request) bool
	}{
		"during the calls to GitHub":   {gitHub: everything},
		"while the token is stored":    {aws: asks("secretsmanager.CreateSecret")},
		"before the connector is live": {aws: asks("DynamoDB_20120810.PutItem")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var awsURL, gitHubURL string
			var held <-chan struct{}
			if tc.aws != nil {
				awsURL, held = holding(t, *w.cloud.BaseEndpoint, tc.aws)
			} else {
				gitHubURL, held = holding(t, w.gitHub.URL, tc.gitHub)
			}
			function := w.start(bootstrap, awsURL, gitHubURL)
			function.Begin(readEvent(t, "save.json"))
			await(t, held)
			w.mustHide(function.Stop())

			request, _ := saved(t)
			request.RequestContext.HTTP.Method, request.Body = http.MethodGet, ""
			event, err := json.Marshal(request)
			if err != nil {
				t.Fatal(err)
			}
			answer := decode[events.APIGatewayV2HTTPResponse](t, w.start(bootstrap, "", "").Invoke(event))
			if answer.StatusCode != http.StatusOK || !strings.Contains(answer.Body, `"connectors":[]`) {
				t.Errorf("the list is %d %s", answer.StatusCode, answer.Body)
			}
			if n := w.waiting(); n > 0 {
				t.Errorf("%d tasks are queued", n)
			}
		})
	}
}

// endLease lets time pass until the lease of a killed run is over.
func (w *world) endLease(ref connector.Ref) {
	w.t.Helper()
	later := func() time.Time { return time.Now().Add(afterLease) }
	then := &store.Store{Table: w.table(later), Now: later}
	const nobody = "nobody"
	if free, err := then.Acquire(w.t.Context(), ref, nobody, later().Add(time.Minute)); err != nil || !free {
		w.t.Fatalf("the lease is still held: %v, %v", free, err)
	}
	if err := then.Release(w.t.Context(), ref, nobody); err != nil {
		w.t.Fatal(err)
	}
}

// days returns those of the 28 days before the task that are stored with numbers.
func (w *world) days(task connector.Task) (dates []calendar.Date) {
	w.t.Helper()
	scheduled := calendar.DateOf(task.ScheduledFor)
	days, err := w.store.Days(w.t.Context(), task.Ref(), calendar.Range{From: scheduled - 28, To: scheduled - 1})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, day := range days {
		if day.Has() {
			dates = append(dates, day.Date)
		}
	}
	return dates
}

// mustHide fails the test if a log holds the token.
func (w *world) mustHide(log string) {
	w.t.Helper()
	if _, token := saved(w.t); strings.Contains(log, token.Reveal()) {
		w.t.Errorf("the token is in the log:\n%s", log)
	}
}
