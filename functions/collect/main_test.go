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
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/emftest"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/queue"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	secrets "cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
)

const secret = "ghp_CanarySingsInTheCoalMine0123456789ab"

func TestTheBuiltFunction(t *testing.T) {
	bootstrap := lambdatest.Build(t, "CollectFunction")

	t.Run("reads the days of the event's connector, and fails only the message that is not a task", func(t *testing.T) {
		cloud := awstest.Moto(t)
		client := dynamodb.NewFromConfig(cloud)
		table := awstest.CreateTable(t, client)
		prefix := "copilot-connector/" + table + "/"
		operations := createTopic(t, cloud, table)
		stored := &store.Store{Table: dynamo.New(client, table, time.Now), Now: time.Now}

		event := readEvent(t, "collect.json")
		task := taskOf(t, event)
		createTopic(t, cloud, table+"_"+task.Connector)
		seed(t, task.Ref(), stored, secrets.New(secretsmanager.NewFromConfig(cloud), prefix))
		github := httptest.NewServer(githubOn(task.ScheduledFor))
		t.Cleanup(github.Close)
		asked := lambdatest.NewAWS(t, *cloud.BaseEndpoint)
		function := lambdatest.Start(t, bootstrap, append(asked.Environment(),
			"TABLE_NAME="+table, "SECRET_PREFIX="+prefix, "QUEUE_URL=https://queue.invalid/", "GITHUB_API_URL="+github.URL, "STACK_NAME=prod",
			"OPERATIONS_TOPIC_ARN="+operations, "TOPIC_PREFIX_ARN="+operations+"_")...)

		if failed := failedOf(t, function.Invoke(event)); len(failed) > 0 {
			t.Errorf("failed: %v", failed)
		}
		scheduled := calendar.DateOf(task.ScheduledFor)
		days, err := stored.Days(t.Context(), task.Ref(), calendar.Range{From: scheduled - 28, To: scheduled - 1})
		if err != nil || len(days) != 28 || !days[0].Has() || !days[27].Has() {
			t.Errorf("the table holds %d days, %v", len(days), err)
		}
		if c, err := stored.Connector(t.Context(), task.Ref()); err != nil || len(c.Notices) > 0 {
			t.Errorf("the waiting notice was not sent: %+v, %v", c, err)
		}

		if diff := cmp.Diff([]string{"2e1424d4-f796-459a-8184-9c92662be6da"}, failedOf(t, function.Invoke(readEvent(t, "collect-partly.json")))); diff != "" {
			t.Errorf("failed (-want +got):\n%s", diff)
		}
		asked.MayAll("CollectRole")
		log := function.Stop()
		if strings.Contains(log, secret) || !strings.Contains(log, "not the JSON of a task") {
			t.Errorf("logged %s", log)
		}
		lines := emftest.Lines(t, log)
		if len(lines) != 3 { // the second event has two messages; the first one is not a task
			t.Fatalf("logged %s", log)
		}
		polled, failed := lines[0], lines[1]
		if polled.Members["tenant"] != task.Tenant || polled.Members["connector"] != task.Connector || polled.Members["requestId"] == nil {
			t.Errorf("polled %v", polled.Members)
		}
		want := map[string]float64{"Polls stack=prod": 1, "Polls stack=prod code=ok": 1, "SuccessfulPolls stack=prod": 1, "DaysUpdated stack=prod": 28}
		if diff := cmp.Diff(want, polled.Metrics); diff != "" {
			t.Errorf("metrics of a poll (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]float64{"TasksFailed stack=prod": 1, "TasksFailed stack=prod code=not_a_task": 1}, failed.Metrics); diff != "" {
			t.Errorf("metrics of the message that is not a task (-want +got):\n%s", diff)
		}
	})

	t.Run("does not start without its settings, and names them all", func(t *testing.T) {
		exitCode, log := lambdatest.Start(t, bootstrap).Wait()
		for _, name := range []string{"TABLE_NAME", "QUEUE_URL", "SECRET_PREFIX", "OPERATIONS_TOPIC_ARN", "TOPIC_PREFIX_ARN"} {
			if exitCode != 1 || !strings.Contains(log, name+" is not set") {
				t.Errorf("the log does not name %s; exit code %d:\n%s", name, exitCode, log)
			}
		}
	})
}

func createTopic(t *testing.T, cloud aws.Config, name string) (arn string) {
	t.Helper()
	topic, err := sns.NewFromConfig(cloud).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	return *topic.TopicArn
}

// seed stores what a Save leaves: a connector whose days are not read. It also has a waiting notice.
func seed(t *testing.T, ref connector.Ref, stored *store.Store, tokens *secrets.Vault) {
	t.Helper()
	token := credential.NewToken(secret)
	holder, err := stored.Create(t.Context(), &connector.Connector{
		Ref:        ref,
		Provider:   connector.GitHubCopilot,
		Account:    copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo-demo"},
		Phase:      connector.Live,
		Progress:   connector.Progress{Status: connector.StatusBackfilling},
		CreatedAt:  time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Credential: connector.Credential{Fingerprint: token.Fingerprint()},
		Settings:   connector.Settings{NotifyEmails: []string{"a@example.com"}},
		Outbox: connector.Outbox{
			Notices: []connector.Notice{{Kind: connector.NoticeHealed, At: time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)}},
		},
	})
	if err != nil || holder != nil {
		t.Fatalf("the connector cannot be created: %v, %v", holder, err)
	}
	if err := tokens.Put(t.Context(), ref.Tenant, ref.ID, token); err != nil {
		t.Fatal(err)
	}
}

// githubOn returns a GitHub at the time for which the event was scheduled.
func githubOn(now time.Time) *githubsim.Server {
	return githubsim.New(func() time.Time { return now }, githubsim.Account{
		Kind: githubsim.Organization, Slug: "octo-demo", Plan: githubsim.PlanBusiness, Seats: 5,
		Tokens: []githubsim.Token{{Value: secret, Login: "octo-owner", Scopes: []string{"read:org", "manage_billing:copilot"}}},
	})
}

func readEvent(t *testing.T, name string) []byte {
	t.Helper()
	event, err := os.ReadFile("../../events/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func taskOf(t *testing.T, raw []byte) connector.Task {
	t.Helper()
	var event events.SQSEvent
	if err := json.Unmarshal(raw, &event); err != nil {
		t.Fatal(err)
	}
	task, err := queue.Decode(event.Records[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	return task
}

// failedOf lists the messages that SQS must deliver again.
func failedOf(t *testing.T, answer []byte) []string {
	t.Helper()
	var response events.SQSEventResponse
	if err := json.Unmarshal(answer, &response); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	var failed []string
	for _, message := range response.BatchItemFailures {
		failed = append(failed, message.ItemIdentifier)
	}
	return failed
}
