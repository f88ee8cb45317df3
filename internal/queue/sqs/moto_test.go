package sqs_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/queue"
	"cloudmonitor.ai/copilot-connector/internal/queue/queuetest"
	"cloudmonitor.ai/copilot-connector/internal/queue/sqs"
)

// moto returns a client of moto, which stands for AWS, over real HTTP.
func moto(t *testing.T) *awssqs.Client {
	t.Helper()
	return awssqs.NewFromConfig(awstest.Moto(t))
}

func newQueue(t *testing.T, client *awssqs.Client) (url string) {
	t.Helper()
	created, err := client.CreateQueue(t.Context(), &awssqs.CreateQueueInput{QueueName: aws.String("tasks-" + connector.NewID())})
	must(t, err)
	return *created.QueueUrl
}

// received takes all visible messages out of a queue.
func received(t *testing.T, client *awssqs.Client, url string) map[string]int {
	t.Helper()
	arrived := make(map[string]int)
	for {
		out, err := client.ReceiveMessage(t.Context(), &awssqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		must(t, err)
		if len(out.Messages) == 0 {
			return arrived
		}
		var read []types.DeleteMessageBatchRequestEntry
		for _, message := range out.Messages {
			task, err := queue.Decode(*message.Body)
			must(t, err)
			arrived[task.Connector]++
			read = append(read, types.DeleteMessageBatchRequestEntry{Id: message.MessageId, ReceiptHandle: message.ReceiptHandle})
		}
		deleted, err := client.DeleteMessageBatch(t.Context(), &awssqs.DeleteMessageBatchInput{QueueUrl: &url, Entries: read})
		must(t, err)
		if len(deleted.Failed) > 0 {
			t.Fatalf("not deleted: %+v", deleted.Failed)
		}
	}
}

func TestTasksTravelThroughMoto(t *testing.T) {
	client := moto(t)
	url := newQueue(t, client)
	q, tasks := sqs.New(client, url), queuetest.Some(205)
	must(t, q.Send(t.Context(), tasks...))
	if diff := cmp.Diff(once(tasks), received(t, client, url)); diff != "" {
		t.Errorf("sent and received differ:\n%s", diff)
	}
}

func TestADelayedTaskIsHeldBackByMoto(t *testing.T) {
	client := moto(t)
	url := newQueue(t, client)
	q := sqs.New(client, url)
	must(t, q.SendLater(t.Context(), queuetest.Daily(connector.NewID()), 24*time.Hour)) // more than SQS accepts
	if got := received(t, client, url); len(got) != 0 {
		t.Errorf("received %v", got)
	}
	out, err := client.GetQueueAttributes(t.Context(), &awssqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessagesDelayed},
	})
	must(t, err)
	if delayed, _ := strconv.Atoi(out.Attributes["ApproximateNumberOfMessagesDelayed"]); delayed != 1 {
		t.Errorf("%d are delayed", delayed)
	}
}

func TestAQueueThatMotoDoesNotKnowIsAnError(t *testing.T) {
	client := moto(t)
	q := sqs.New(client, newQueue(t, client)+"-gone")
	err := q.Send(t.Context(), queuetest.Some(12)...)
	if !fault.Is(err, fault.Queue) || err.Error() != "send tasks: queue_failed: 12 of 12 were not queued: AWS.SimpleQueueService.NonExistentQueue" {
		t.Errorf("Send returned %v", err)
	}
}
