package deployed_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
)

// TestTheStoryOfAConnector plays an administrator who checks and saves a token that is about to expire. Then time passes: the
// days are collected, the connector is polled, and people are reminded.
func TestTheStoryOfAConnector(t *testing.T) {
	t.Parallel()
	for name, parameters := range map[string]map[string]string{"by-default": nil, "with-everything": everything, "with-kms": {"TokenVault": "Kms"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tell(t, deploy(t, name, parameters))
		})
	}
}

func tell(t *testing.T, s *stack) {
	now := time.Now()
	w := newWorld(t, s, now.Add(4*24*time.Hour))
	stored := &store.Store{Table: dynamo.New(dynamodb.NewFromConfig(s.cloud), s.created["Table"], time.Now), Now: time.Now}
	operations := w.operations()

	if answer := w.request("VerifyFunction", "verify.json"); answer.StatusCode != 200 || !strings.Contains(answer.Body, `"ok":true`) {
		t.Errorf("verify answered %d %s", answer.StatusCode, answer.Body)
	}
	answer := w.request("ConnectorsFunction", "save.json")
	if answer.StatusCode != 201 {
		t.Fatalf("Save answered %d %s", answer.StatusCode, answer.Body)
	}
	var saved struct{ ID string }
	decode(t, []byte(answer.Body), &saved)
	ref := connector.Ref{Tenant: "acme", ID: saved.ID}

	task, event := w.task()
	if task.Ref() != ref || task.Reason != connector.ReasonSaved {
		t.Errorf("Save queued %+v", task)
	}
	var response events.SQSEventResponse
	collect := w.start("CollectFunction")
	decode(t, collect.Invoke(event), &response)
	if len(response.BatchItemFailures) > 0 {
		t.Errorf("collect failed: %v", response)
	}
	s.knows(collect.Stop())
	scheduled := calendar.DateOf(task.ScheduledFor)
	days, err := stored.Days(t.Context(), ref, calendar.Range{From: scheduled - 28, To: scheduled - 1})
	if err != nil || len(days) != 28 || !days[27].Has() {
		t.Errorf("the table has %d days, %v", len(days), err)
	}

	tomorrow := now.Add(24 * time.Hour).UTC().Truncate(time.Second)
	w.start("PollFunction").Invoke(w.schedule("PollFunction", tomorrow))
	task, _ = w.task()
	want := connector.Task{Tenant: ref.Tenant, Connector: ref.ID, Reason: connector.ReasonDaily, ScheduledFor: tomorrow}
	if diff := cmp.Diff(want, task); diff != "" {
		t.Errorf("poll queued another task (-want +got):\n%s", diff)
	}

	w.start("RemindFunction").Invoke(w.schedule("RemindFunction", tomorrow))
	var mail struct{ Subject string }
	decode(t, []byte(*w.receive(operations).Body), &mail)
	if mail.Subject != "GitHub token for octo-demo expires in 3 days" {
		t.Errorf("the operators got the mail %q", mail.Subject)
	}
}
