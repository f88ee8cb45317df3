package main_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/queue"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	secrets "cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
)

// stack has the resources of template.yaml, and the three functions that share them.
type stack struct {
	t        *testing.T
	cloud    aws.Config
	queue    *sqs.Client
	queueURL string
	store    *store.Store
	vault    *secrets.Vault
	token    string // no log may contain it
	settings []string

	topicPrefix string
}

func newStack(t *testing.T, token string) *stack {
	t.Helper()
	cloud := awstest.Moto(t)
	tables, queues := dynamodb.NewFromConfig(cloud), sqs.NewFromConfig(cloud)
	table := awstest.CreateTable(t, tables)
	created, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &table})
	if err != nil {
		t.Fatal(err)
	}
	operations, err := sns.NewFromConfig(cloud).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: &table})
	if err != nil {
		t.Fatal(err)
	}
	github := httptest.NewServer(githubsim.New(time.Now, githubsim.Account{
		Kind: githubsim.Organization, Slug: "octo-demo", Plan: githubsim.PlanBusiness, Seats: 5,
		Tokens: []githubsim.Token{{Value: token, Login: "octo-owner", Scopes: []string{"read:org", "manage_billing:copilot"}}},
	}))
	t.Cleanup(github.Close)
	prefix := "copilot-connector/" + table + "/"
	return &stack{
		t: t, cloud: cloud, queue: queues, queueURL: *created.QueueUrl, token: token,
		store: &store.Store{Table: dynamo.New(tables, table, time.Now), Now: time.Now},
		vault: secrets.New(secretsmanager.NewFromConfig(cloud), prefix),
		settings: []string{
			"TABLE_NAME=" + table, "QUEUE_URL=" + *created.QueueUrl, "SECRET_PREFIX=" + prefix, "GITHUB_API_URL=" + github.URL,
			"OPERATIONS_TOPIC_ARN=" + *operations.TopicArn, "TOPIC_PREFIX_ARN=" + *operations.TopicArn + "_",
		},
		topicPrefix: *operations.TopicArn + "_",
	}
}

// start starts a function. It must do no more than its role allows, and must not log the token.
func (s *stack) start(name string) *lambdatest.Function {
	s.t.Helper()
	bootstrap := lambdatest.Build(s.t, name+"Function")
	asked := lambdatest.NewAWS(s.t, *s.cloud.BaseEndpoint)
	function := lambdatest.Start(s.t, bootstrap, append(asked.Environment(), s.settings...)...)
	s.t.Cleanup(func() {
		if log := function.Stop(); strings.Contains(log, s.token) {
			s.t.Errorf("the token is in the log of %s:\n%s", name, log)
		}
		asked.MayAll(name + "Role")
	})
	return function
}

// received takes the only visible message. It returns the task and an event for collect.
func (s *stack) received() (connector.Task, []byte) {
	s.t.Helper()
	out, err := s.queue.ReceiveMessage(s.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &s.queueURL, MaxNumberOfMessages: 10})
	if err != nil || len(out.Messages) != 1 {
		s.t.Fatalf("%d messages are waiting, want 1, %v", len(out.Messages), err)
	}
	message := out.Messages[0]
	if _, err := s.queue.DeleteMessage(s.t.Context(), &sqs.DeleteMessageInput{QueueUrl: &s.queueURL, ReceiptHandle: message.ReceiptHandle}); err != nil {
		s.t.Fatal(err)
	}
	task, err := queue.Decode(*message.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	event, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: *message.MessageId, Body: *message.Body}}})
	if err != nil {
		s.t.Fatal(err)
	}
	return task, event
}

// TestTheFunctionsTogether saves a connector, gives the queued message to collect as Lambda does, and polls.
func TestTheFunctionsTogether(t *testing.T) {
	request := saveEvent(t)
	token := decode[struct{ Token string }](t, []byte(request.Body)).Token
	s := newStack(t, token)

	answer, saved := invoke[struct{ ID, Status string }](t, s.start("Connectors"), request)
	ref := connector.Ref{Tenant: "acme", ID: saved.ID}
	if answer.StatusCode != 201 || saved.Status != "backfilling" || answer.Headers["Location"] != request.RawPath+"/"+ref.ID || strings.Contains(answer.Body, token) {
		t.Fatalf("Save got %d %v %s", answer.StatusCode, answer.Headers, answer.Body)
	}
	if c, err := s.store.Connector(t.Context(), ref); err != nil || c == nil || c.Phase != connector.Live {
		t.Errorf("the table holds %+v, %v", c, err)
	}
	if secret, err := s.vault.Get(t.Context(), ref.Tenant, ref.ID); err != nil || secret.Reveal() != token {
		t.Errorf("the vault has another token, or none: %v", err)
	}

	task, event := s.received()
	if task.Ref() != ref || task.Reason != connector.ReasonSaved {
		t.Errorf("Save queued %+v", task)
	}
	response := decode[events.SQSEventResponse](t, s.start("Collect").Invoke(event))
	if len(response.BatchItemFailures) > 0 {
		t.Errorf("collect failed: %v", response)
	}
	scheduled := calendar.DateOf(task.ScheduledFor)
	days, err := s.store.Days(t.Context(), ref, calendar.Range{From: scheduled - 28, To: scheduled - 1})
	if err != nil || len(days) != 28 || !days[27].Has() {
		t.Errorf("the table holds %d days, %v", len(days), err)
	}

	event, err = os.ReadFile("../../events/poll.json")
	if err != nil {
		t.Fatal(err)
	}
	s.start("Poll").Invoke(event)
	task, _ = s.received()
	want := connector.Task{
		Tenant: ref.Tenant, Connector: ref.ID, Reason: connector.ReasonDaily,
		ScheduledFor: decode[struct{ Time time.Time }](t, event).Time,
	}
	if diff := cmp.Diff(want, task); diff != "" {
		t.Errorf("poll queued another task (-want +got):\n%s", diff)
	}
}
