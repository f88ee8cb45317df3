package main_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// TestRecipientsComeAndGo saves a connector, changes its recipients, and deletes it. Moto confirms every address at once.
func TestRecipientsComeAndGo(t *testing.T) {
	request := saveEvent(t)
	s := newStack(t, decode[struct{ Token string }](t, []byte(request.Body)).Token)
	function := s.start("Connectors")
	_, saved := invoke[struct{ ID string }](t, function, request)
	s.received()
	path := request.RawPath + "/" + saved.ID
	s.subscribed(saved.ID, "copilot-owners@acme.example")

	_, shown := invoke[struct{ Recipients []connector.Recipient }](t, function, asking("GET", path, ""))
	want := []connector.Recipient{{Email: "copilot-owners@acme.example", State: connector.RecipientConfirmed}}
	if diff := cmp.Diff(want, shown.Recipients); diff != "" {
		t.Errorf("the recipients shown (-want +got):\n%s", diff)
	}

	s.change(function, path, `{"notifyEmails":["a@acme.example","b@acme.example"]}`)
	s.subscribed(saved.ID, "a@acme.example", "b@acme.example")
	s.change(function, path, `{"notifyEmails":[]}`)
	s.subscribed(saved.ID)
	s.change(function, path, `{"notifyEmails":["c@acme.example"]}`)
	s.subscribed(saved.ID, "c@acme.example")

	_, log := invoke[struct {
		Events []struct{ Action, Detail string }
	}](t, function, asking("GET", path+"/audit", ""))
	var details []string
	for _, event := range log.Events {
		if event.Action == string(audit.Changed) {
			details = append(details, event.Detail)
		}
	}
	if diff := cmp.Diff([]string{
		"notifyEmails from nobody to c@acme.example",
		"notifyEmails from a@acme.example b@acme.example to nobody",
		"notifyEmails from copilot-owners@acme.example to a@acme.example b@acme.example",
	}, details); diff != "" {
		t.Errorf("the audit has (-want +got):\n%s", diff)
	}

	if answer := function.Invoke(encode(t, asking("DELETE", path, ""))); decode[events.APIGatewayV2HTTPResponse](t, answer).StatusCode != 204 {
		t.Errorf("the delete: %s", answer)
	}
	_, event := s.received()
	if response := decode[events.SQSEventResponse](t, s.start("Collect").Invoke(event)); len(response.BatchItemFailures) > 0 {
		t.Errorf("collect failed: %v", response)
	}
	s.subscribed(saved.ID)
}

func (s *stack) change(function *lambdatest.Function, path, body string) {
	s.t.Helper()
	if answer, _ := invoke[struct{}](s.t, function, asking("PATCH", path, body)); answer.StatusCode != 200 {
		s.t.Errorf("the change to %s: %d %s", body, answer.StatusCode, answer.Body)
	}
}

// subscribed checks the subscribers of a connector's topic. Without a topic there are none.
func (s *stack) subscribed(id string, want ...string) {
	s.t.Helper()
	topic := s.topicPrefix + id
	out, err := sns.NewFromConfig(s.cloud).ListSubscriptionsByTopic(s.t.Context(), &sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	if _, gone := errors.AsType[*types.NotFoundException](err); err != nil && !gone {
		s.t.Fatal(err)
	}
	var got []string
	if err == nil {
		for _, subscription := range out.Subscriptions {
			got = append(got, *subscription.Endpoint)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("subscribed (-want +got):\n%s", diff)
	}
}
