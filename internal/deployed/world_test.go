package deployed_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/queue"
)

// world is a stack with the built functions and a GitHub that knows the token of events/save.json.
type world struct {
	*stack
	github string
	token  string // no log may contain it
}

func newWorld(t *testing.T, s *stack, expiresAt time.Time) world {
	t.Helper()
	var request events.APIGatewayV2HTTPRequest
	var sent struct{ Token, Slug string }
	decode(t, read(t, "save.json"), &request)
	decode(t, []byte(request.Body), &sent)
	github := httptest.NewServer(githubsim.New(time.Now, githubsim.Account{
		Kind: githubsim.Organization, Slug: sent.Slug, Plan: githubsim.PlanBusiness, Seats: 5,
		Tokens: []githubsim.Token{{Value: sent.Token, Login: "octo-owner", Scopes: []string{"read:org", "manage_billing:copilot"}, ExpiresAt: expiresAt}},
	}))
	t.Cleanup(github.Close)
	// The test itself gives tasks to collect; moto would start a container for it.
	if _, err := lambda.NewFromConfig(s.cloud).UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{
		UUID: aws.String(s.created["CollectFunctionTasks"]), Enabled: aws.Bool(false),
	}); err != nil {
		t.Fatal(err)
	}
	return world{s, github.URL, sent.Token}
}

func read(t *testing.T, event string) []byte {
	t.Helper()
	raw, err := os.ReadFile("../../events/" + event)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// start starts a function as it is deployed. It must do no more than its deployed role allows, and log no token.
func (w world) start(function string) *lambdatest.Function {
	w.t.Helper()
	asked := lambdatest.NewAWS(w.t, *w.cloud.BaseEndpoint)
	allowed := w.allowedTo(function)
	environment := append(asked.Environment(), w.environment(function)...)
	instance := lambdatest.Start(w.t, bootstrap(w.t, function), append(environment, "GITHUB_API_URL="+w.github)...)
	w.t.Cleanup(func() {
		if log := instance.Stop(); strings.Contains(log, w.token) {
			w.t.Errorf("the token is in the log of %s:\n%s", function, log)
		}
		mayAll(w.t, function, allowed, asked.Asked())
	})
	return instance
}

// request gives a function the event of the gateway.
func (w world) request(function, event string) events.APIGatewayV2HTTPResponse {
	w.t.Helper()
	var answer events.APIGatewayV2HTTPResponse
	decode(w.t, w.start(function).Invoke(read(w.t, event)), &answer)
	return answer
}

// schedule returns the event that the function's schedule in the template sends.
func (w world) schedule(function string, at time.Time) []byte {
	w.t.Helper()
	for _, schedule := range propertiesOf[schedule](w.t, w.resources, "AWS::Scheduler::Schedule") {
		if schedule.Target.Arn == "${"+function+".Arn}" {
			return []byte(strings.ReplaceAll(schedule.Target.Input, "<aws.scheduler.scheduled-time>", at.Format(time.RFC3339)))
		}
	}
	w.t.Fatalf("no schedule calls %s", function)
	return nil
}

// task takes the only waiting task. It returns the task and an event for collect.
func (w world) task() (connector.Task, []byte) {
	w.t.Helper()
	message := w.receive(w.created["Tasks"])
	task, err := queue.Decode(*message.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	event, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: *message.MessageId, Body: *message.Body}}})
	if err != nil {
		w.t.Fatal(err)
	}
	return task, event
}

// receive takes the only waiting message of a queue.
func (w world) receive(queueURL string) types.Message {
	w.t.Helper()
	queues := sqs.NewFromConfig(w.cloud)
	out, err := queues.ReceiveMessage(w.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queueURL, MaxNumberOfMessages: 10})
	if err != nil || len(out.Messages) != 1 {
		w.t.Fatalf("%d messages are waiting, want 1, %v", len(out.Messages), err)
	}
	message := out.Messages[0]
	if _, err := queues.DeleteMessage(w.t.Context(), &sqs.DeleteMessageInput{QueueUrl: &queueURL, ReceiptHandle: message.ReceiptHandle}); err != nil {
		w.t.Fatal(err)
	}
	return message
}

// operations subscribes a queue to the operators' topic, because moto delivers no mail, and returns its URL.
func (w world) operations() string {
	w.t.Helper()
	name := connector.NewID()
	created, err := sqs.NewFromConfig(w.cloud).CreateQueue(w.t.Context(), &sqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := sns.NewFromConfig(w.cloud).Subscribe(w.t.Context(), &sns.SubscribeInput{
		TopicArn: aws.String(w.created["Operations"]), Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:eu-central-1:123456789012:" + name),
	}); err != nil {
		w.t.Fatal(err)
	}
	return *created.QueueUrl
}
