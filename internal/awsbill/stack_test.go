package awsbill_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	mail "cloudmonitor.ai/copilot-connector/internal/notify/sns"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
	sqsqueue "cloudmonitor.ai/copilot-connector/internal/queue/sqs"
	"cloudmonitor.ai/copilot-connector/internal/remind"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	secrets "cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
)

const (
	slug  = "octo-demo"
	token = "ghp_CanarySingsInTheCoalMine0123456789ab"
)

// stack runs all functions in one process, with a clock of its own, and measures them. Each is composed as in its own program.
type stack struct {
	*testworld.Clock
	tb    testing.TB
	ctx   context.Context //nolint:containedctx // as Lambda hands it to a function
	ref   connector.Ref   // names the saved connector
	log   *os.File
	meter *meter

	gitHub    *githubsim.Server
	tables    *dynamodb.Client // not measured
	table     string
	tasks     *tasks
	poller    collect.Poller
	collector collect.Collector
	reminder  remind.Reminder
	api       adminapi.API
}

// tasks sends tasks to SQS and remembers them, so that no test must wait for a delayed message.
type tasks struct {
	*sqsqueue.Queue
	waiting []connector.Task
}

func (q *tasks) Send(ctx context.Context, list ...connector.Task) error {
	q.waiting = append(q.waiting, list...)
	return q.Queue.Send(ctx, list...)
}

func (q *tasks) SendLater(ctx context.Context, task connector.Task, delay time.Duration) error {
	q.waiting = append(q.waiting, task)
	return q.Queue.SendLater(ctx, task, delay)
}

// TestMain starts the binary again with Lambda's environment, because the log format is read when a process starts.
func TestMain(m *testing.M) {
	const format = "AWS_LAMBDA_LOG_FORMAT"
	if os.Getenv(format) == "" {
		panic(syscall.Exec(os.Args[0], os.Args, append(os.Environ(), format+"=JSON"))) //nolint:gosec // this very binary
	}
	os.Exit(m.Run())
}

func newStack(tb testing.TB, people int, now, expires time.Time, backfill func(copilot.Scope, calendar.Date) *connector.Backfill) *stack {
	tb.Helper()
	s := &stack{Clock: testworld.NewClock(now), tb: tb, meter: &meter{}, tables: awstest.DynamoDB(tb), ctx: lambdacontext.NewContext(tb.Context(), &lambdacontext.LambdaContext{
		AwsRequestID: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
	})}
	s.table = awstest.CreateTable(tb, s.tables)
	s.meter.taken()

	cloud := awstest.Moto(tb)
	cloud.HTTPClient = s.meter
	stored := &store.Store{Now: s.Now, Table: dynamo.New(dynamodb.New(s.tables.Options(), func(o *dynamodb.Options) { o.HTTPClient = s.meter }), s.table, s.Now)}
	topics, messages := sns.NewFromConfig(cloud), sqs.NewFromConfig(cloud)
	operations, err := topics.CreateTopic(tb.Context(), &sns.CreateTopicInput{Name: &s.table})
	must(tb, err)
	created, err := messages.CreateQueue(tb.Context(), &sqs.CreateQueueInput{QueueName: aws.String(rand.Text())})
	must(tb, err)
	s.tasks = &tasks{Queue: sqsqueue.New(messages, *created.QueueUrl)}
	post := mail.New(topics, *operations.TopicArn, *operations.TopicArn+"_")
	tokens := secrets.New(secretsmanager.NewFromConfig(cloud), s.table+"/")

	var service *github.Service
	s.gitHub, service, _ = testworld.GitHub(tb, s.Now, githubsim.Account{
		Kind: githubsim.Organization, Slug: slug, Plan: githubsim.PlanBusiness, Seats: people, SettlesAfter: 2,
		Tokens: []githubsim.Token{{Value: token, Login: "octo-owner", Scopes: []string{"read:org", "manage_billing:copilot"}, ExpiresAt: expires}},
	})

	s.log = s.logFile()
	parts := assembly.Parts{GitHub: service, Store: stored, Vault: tokens, Queue: s.tasks, Post: post, Now: s.Now, Log: s.logger()}
	s.poller, s.collector, s.reminder = parts.Poller(), parts.Collector(), parts.Reminder()
	life := parts.Lifecycle()
	life.Backfill = backfill
	s.api = parts.API()
	s.api.Connectors.Lifecycle = life
	s.api.Actor = func(*http.Request) string { return "arn:aws:sts::123456789012:assumed-role/admin-app/session" }
	return s
}

func (s *stack) logFile() *os.File {
	file, err := os.Create(filepath.Join(s.tb.TempDir(), "log"))
	must(s.tb, err)
	s.tb.Cleanup(func() { must(s.tb, file.Close()) })
	return file
}

// logger returns the logger of a function. Lambda reads its lines from standard output.
func (s *stack) logger() *slog.Logger {
	s.tb.Setenv("STACK_NAME", "copilot-connector")
	stdout := os.Stdout
	defer func() { os.Stdout = stdout }()
	os.Stdout = s.log
	return lambda.NewLogger()
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
