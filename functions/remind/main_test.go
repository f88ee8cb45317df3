package main_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/emftest"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
)

func TestTheBuiltFunction(t *testing.T) {
	bootstrap := lambdatest.Build(t, "RemindFunction")

	t.Run("sends the mails that are due at the time of the event, once", func(t *testing.T) {
		w := newWorld(t)
		due := w.add("octo-due", time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC))
		w.add("octo-later", time.Date(2027, 1, 25, 12, 0, 0, 0, time.UTC))
		asked := lambdatest.NewAWS(t, *w.cloud.BaseEndpoint)
		function := lambdatest.Start(t, bootstrap, append(asked.Environment(), append(w.settings, "STACK_NAME=prod")...)...)
		event, err := os.ReadFile("../../events/remind.json")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			function.Invoke(event)
		}
		w.mailed(w.operations, "GitHub token for octo-due expires in 3 days", "GitHub Copilot data is back for octo-due", "GitHub Copilot data is back for octo-later")
		w.mailed(due, "GitHub token for octo-due expires in 3 days", "GitHub Copilot data is back for octo-due")
		asked.MayAll("RemindRole")
		var counted []map[string]float64
		for _, line := range emftest.Lines(t, function.Stop()) {
			if counted = append(counted, line.Metrics); line.Members["message"] != "reminded" || line.Members["requestId"] == nil {
				t.Errorf("logged %v", line.Members)
			}
		}
		want := func(notices float64) map[string]float64 {
			return map[string]float64{
				"Connectors stack=prod": 2, "ConnectorsStopped stack=prod": 0, "ConnectorsBehind stack=prod": 2, "Notices stack=prod": notices,
			}
		}
		if diff := cmp.Diff([]map[string]float64{want(3), want(0)}, counted); diff != "" {
			t.Errorf("metrics (-want +got):\n%s", diff)
		}
	})

	t.Run("fails if the operators cannot be mailed, so that it is retried, and tells only the code of SNS", func(t *testing.T) {
		w := newWorld(t)
		due := w.add("octo-due", time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
		asked := lambdatest.NewAWS(t, *w.cloud.BaseEndpoint)
		function := lambdatest.Start(t, bootstrap, append(asked.Environment(), append(w.settings, "OPERATIONS_TOPIC_ARN="+w.operations+"-gone")...)...)
		reported := function.InvokeToFail([]byte(`{"time":"2026-11-22T07:00:00Z"}`))
		log := function.Stop()
		if !strings.Contains(reported, "the reminders of 1 connectors failed") || !strings.Contains(log, "mail operations: mail_failed: NotFound") {
			t.Errorf("reported %s, logged %s", reported, log)
		}
		if strings.Contains(reported+log, "arn:aws:sns") {
			t.Errorf("a topic's name is in the error or the log: %s %s", reported, log)
		}
		w.mailed(due, "GitHub token for octo-due expires in less than a day", "GitHub Copilot data is back for octo-due")
	})

	t.Run("fails on a schedule far ahead of the clock, so that the event is kept", func(t *testing.T) {
		function := lambdatest.Start(t, bootstrap, "TABLE_NAME=table", "OPERATIONS_TOPIC_ARN=arn:operations", "TOPIC_PREFIX_ARN=arn:connector_")
		if reported := function.InvokeToFail([]byte(`{"time":"9999-12-31T23:59:59Z"}`)); !strings.Contains(reported, "more than 7 days ahead of the clock") {
			t.Errorf("reported %s", reported)
		}
		if log := function.Stop(); !strings.Contains(log, `"message":"schedule failed"`) || !strings.Contains(log, "schedule_too_far_off") {
			t.Errorf("logged %s", log)
		}
	})

	t.Run("fails on a schedule without a time, so that the event is not lost", func(t *testing.T) {
		function := lambdatest.Start(t, bootstrap, "TABLE_NAME=table", "OPERATIONS_TOPIC_ARN=arn:operations", "TOPIC_PREFIX_ARN=arn:connector_")
		if reported := function.InvokeToFail([]byte(`{}`)); !strings.Contains(reported, "names no time") {
			t.Errorf("reported %s", reported)
		}
	})

	t.Run("does not start without its settings, and names them all", func(t *testing.T) {
		exitCode, log := lambdatest.Start(t, bootstrap).Wait()
		for _, name := range []string{"TABLE_NAME", "OPERATIONS_TOPIC_ARN", "TOPIC_PREFIX_ARN"} {
			if exitCode != 1 || !strings.Contains(log, name+" is not set") {
				t.Errorf("the log does not name %s; exit code %d:\n%s", name, exitCode, log)
			}
		}
	})
}

// world has the resources of template.yaml around the function. Queues stand for people, because moto delivers no mail.
type world struct {
	t          *testing.T
	cloud      aws.Config
	store      *store.Store
	operations string // the ARN of the topic
	settings   []string
	queues     map[string]string // by the ARN of the topic that feeds the queue
}

func newWorld(t *testing.T) *world {
	t.Helper()
	cloud := awstest.Moto(t)
	client := dynamodb.NewFromConfig(cloud)
	table := awstest.CreateTable(t, client)
	w := &world{
		t: t, cloud: cloud, queues: map[string]string{},
		store: &store.Store{Table: dynamo.New(client, table, time.Now), Now: time.Now},
	}
	w.operations, _ = w.topic(table)
	w.settings = []string{"TABLE_NAME=" + table, "OPERATIONS_TOPIC_ARN=" + w.operations, "TOPIC_PREFIX_ARN=" + w.operations + "_"}
	return w
}

// topic makes a topic with one subscriber.
func (w *world) topic(name string) (topicARN, subscriber string) {
	w.t.Helper()
	topics, queues := sns.NewFromConfig(w.cloud), sqs.NewFromConfig(w.cloud)
	topic, err := topics.CreateTopic(w.t.Context(), &sns.CreateTopicInput{Name: &name})
	if err != nil {
		w.t.Fatal(err)
	}
	subscriber = "arn:aws:sqs:eu-central-1:123456789012:" + connector.NewID()
	queue, err := queues.CreateQueue(w.t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(subscriber[strings.LastIndexByte(subscriber, ':')+1:])})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := topics.Subscribe(w.t.Context(), &sns.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: &subscriber}); err != nil {
		w.t.Fatal(err)
	}
	w.queues[*topic.TopicArn] = *queue.QueueUrl
	return *topic.TopicArn, subscriber
}

// add stores a live connector with one recipient and one waiting notice, and returns the ARN of its topic.
func (w *world) add(slug string, expiresAt time.Time) (topicARN string) {
	w.t.Helper()
	ref := connector.Ref{Tenant: "acme", ID: connector.NewID()}
	topicARN, subscriber := w.topic(w.operations[strings.LastIndexByte(w.operations, ':')+1:] + "_" + ref.ID)
	holder, err := w.store.Create(w.t.Context(), &connector.Connector{
		Ref:        ref,
		Provider:   connector.GitHubCopilot,
		Account:    copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: slug},
		Phase:      connector.Live,
		Settings:   connector.Settings{NotifyEmails: []string{subscriber}},
		Credential: connector.Credential{Kind: credential.ClassicPAT, Fingerprint: "sha256:1a2b3c4d5e6f", ExpiresAt: &expiresAt},
		Outbox: connector.Outbox{
			Notices: []connector.Notice{{Kind: connector.NoticeHealed, At: time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)}},
		},
	})
	if err != nil || holder != nil {
		w.t.Fatalf("the connector cannot be created: %v, %v", holder, err)
	}
	return topicARN
}

// mailed checks the subjects that have arrived through a topic, in any order.
func (w *world) mailed(topicARN string, want ...string) {
	w.t.Helper()
	out, err := sqs.NewFromConfig(w.cloud).ReceiveMessage(w.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(w.queues[topicARN]), MaxNumberOfMessages: 10})
	if err != nil {
		w.t.Fatal(err)
	}
	var got []string
	for _, message := range out.Messages {
		var mail struct{ Subject string }
		if err := json.Unmarshal([]byte(*message.Body), &mail); err != nil {
			w.t.Fatal(err)
		}
		got = append(got, mail.Subject)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("arrived (-want +got):\n%s", diff)
	}
}
