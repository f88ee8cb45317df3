package lambdatest_test

import (
	"encoding/json"
	"net/http"
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

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/queue"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	secrets "cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
)

// world has the resources that template.yaml creates, and a simulated GitHub with the account and token of events/save.json.
type world struct {
	t        *testing.T
	cloud    aws.Config
	table    func(now func() time.Time) store.Table
	store    *store.Store
	tokens   *secrets.Vault
	queueURL string
	settings []string
	gitHub   *httptest.Server
	issuer   string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	cloud := awstest.Moto(t)
	client := dynamodb.NewFromConfig(cloud)
	table := awstest.CreateTable(t, client)
	created, err := sqs.NewFromConfig(cloud).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &table})
	if err != nil {
		t.Fatal(err)
	}
	topic, err := sns.NewFromConfig(cloud).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: &table})
	if err != nil {
		t.Fatal(err)
	}
	prefix := "copilot-connector/" + table + "/"
	app := githubsim.CastStackApp()
	secret, err := json.Marshal(map[string]string{"clientSecret": app.ClientSecret, "privateKey": app.PrivateKey})
	if err != nil {
		t.Fatal(err)
	}
	ofApp, err := secretsmanager.NewFromConfig(cloud).CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("app/" + table), SecretString: aws.String(string(secret))})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, cloud: cloud, queueURL: *created.QueueUrl,
		table:  func(now func() time.Time) store.Table { return dynamo.New(client, table, now) },
		tokens: secrets.New(secretsmanager.NewFromConfig(cloud), prefix),
		settings: []string{
			"TABLE_NAME=" + table, "QUEUE_URL=" + *created.QueueUrl, "SECRET_PREFIX=" + prefix,
			"GITHUB_APP_CLIENT_ID=" + app.ClientID, "GITHUB_APP_SLUG=" + app.Slug, "GITHUB_APP_MINT_FUNCTION=mint", "GITHUB_APP_SECRET_ARN=" + *ofApp.ARN,
			"OPERATIONS_TOPIC_ARN=" + *topic.TopicArn, "TOPIC_PREFIX_ARN=" + *topic.TopicArn + "_",
		},
		issuer: issuer(t),
		gitHub: httptest.NewServer(githubsim.New(time.Now, githubsim.Cast(time.Now())...)),
	}
	t.Cleanup(w.gitHub.Close)
	w.store = &store.Store{Table: w.table(time.Now), Now: time.Now}
	return w
}

// start starts an instance. An empty URL stands for the world's own.
func (w *world) start(bootstrap, awsURL, gitHubURL string) *lambdatest.Function {
	w.t.Helper()
	if awsURL == "" {
		awsURL = *w.cloud.BaseEndpoint
	}
	if gitHubURL == "" {
		gitHubURL = w.gitHub.URL
	}
	environment := append(lambdatest.NewAWS(w.t, awsURL).Environment(), w.settings...)
	environment = append(environment, "JWT_ISSUER="+w.issuer, "JWT_CLIENT_ID=page", "JWT_SCOPE=openid", "JWT_TENANT_CLAIM=tenant")
	return lambdatest.Start(w.t, bootstrap, append(environment, "GITHUB_API_URL="+gitHubURL)...)
}

// issuer starts the part of a JWT issuer that the page uses.
func issuer(t *testing.T) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{
			"issuer": server.URL, "authorization_endpoint": server.URL + "/authorize", "token_endpoint": server.URL + "/token",
		})
	})
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// seed stores the active connector of events/collect.json. None of its days has been read.
func (w *world) seed() connector.Task {
	w.t.Helper()
	task := taskOf(w.t, readEvent(w.t, "collect.json"))
	_, token := saved(w.t)
	holder, err := w.store.Create(w.t.Context(), &connector.Connector{
		Ref:        task.Ref(),
		Provider:   connector.GitHubCopilot,
		Account:    copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo-demo"},
		Phase:      connector.Live,
		Progress:   connector.Progress{Status: connector.StatusBackfilling},
		CreatedAt:  time.Now(),
		Credential: connector.Credential{Fingerprint: token.Fingerprint()},
	})
	if err != nil || holder != nil {
		w.t.Fatalf("the connector cannot be created: %v, %v", holder, err)
	}
	if err := w.tokens.Put(w.t.Context(), task.Tenant, task.Connector, token); err != nil {
		w.t.Fatal(err)
	}
	return task
}

// waiting returns the number of messages in the queue, delayed messages included.
func (w *world) waiting() int {
	w.t.Helper()
	out, err := sqs.NewFromConfig(w.cloud).ReceiveMessage(w.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &w.queueURL, MaxNumberOfMessages: 10})
	if err != nil {
		w.t.Fatal(err)
	}
	return len(out.Messages)
}

// logged returns the lines of the function's own log, by the request id that they name.
func logged(t *testing.T, log string) map[string][]logLine {
	t.Helper()
	lines := map[string][]logLine{}
	for text := range strings.Lines(log) {
		var line logLine
		if json.Unmarshal([]byte(text), &line) == nil && line.Level != "" {
			lines[line.RequestID] = append(lines[line.RequestID], line)
		}
	}
	return lines
}

type logLine struct {
	Level, Message, RequestID string
	Status                    int
}

func (l logLine) refuses() bool { return l.Level == "ERROR" || l.Status >= 400 }

func readEvent(t *testing.T, name string) []byte {
	t.Helper()
	event, err := os.ReadFile("../../events/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return event
}

// saved returns the request of events/save.json.
func saved(t *testing.T) (events.APIGatewayV2HTTPRequest, credential.Token) {
	t.Helper()
	request := decode[events.APIGatewayV2HTTPRequest](t, readEvent(t, "save.json"))
	return request, credential.NewToken(decode[struct{ Token string }](t, []byte(request.Body)).Token)
}

func taskOf(t *testing.T, raw []byte) connector.Task {
	t.Helper()
	task, err := queue.Decode(decode[events.SQSEvent](t, raw).Records[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	return task
}

func decode[T any](t *testing.T, raw []byte) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatalf("%v in %.200s", err, raw)
	}
	return value
}
