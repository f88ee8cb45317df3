// Package awsworld makes what the use cases stand on out of AWS's services, for the functions.
//
// Each part is made by a function of its own: the linker leaves out of a release what its function does not call, and
// the test of rights in package lambdatest reads off a release which operations of AWS a function can ask for.
package awsworld

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/awsclient"
	"cloudmonitor.ai/copilot-connector/internal/notify/sns"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/queue/sqs"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
)

// World is AWS in one region, asked in the name of one role.
type World struct {
	config aws.Config
	now    func() time.Time
}

// New asks in the name that Lambda's environment says.
func New(now func() time.Time) World {
	return World{config: awsclient.Config(platform.ReadAWSSettings()), now: now}
}

// Store keeps what we remember in a table of DynamoDB.
func (w World) Store(table string) *store.Store {
	return &store.Store{Table: dynamo.New(dynamodb.NewFromConfig(w.config), table, w.now), Now: w.now}
}

// Vault keeps tokens in Secrets Manager, under names that begin with the prefix.
func (w World) Vault(prefix string) *secretsmanager.Vault {
	return secretsmanager.New(awssecrets.NewFromConfig(w.config), prefix)
}

// Queue sends tasks to the queue of SQS at a URL.
func (w World) Queue(url string) *sqs.Queue { return sqs.New(awssqs.NewFromConfig(w.config), url) }

// Post sends mail by SNS.
func (w World) Post(topics platform.MailSettings) *sns.Post {
	return sns.New(awssns.NewFromConfig(w.config), topics.OperationsTopic, topics.TopicPrefix)
}
