//go:build !race

package dynamo_test

import (
	"flag"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/store/tabletest"
)

// Each step of the model is a request here, so the model runs fewer rounds unless the command line sets another number.
func init() { _ = flag.Set("rapid.checks", "10") }

func TestTableKeepsTheContractOnDynamoDBLocal(t *testing.T) {
	keepsTheContract(t, awstest.DynamoDB(t))
}

func TestTableKeepsTheContractOnMoto(t *testing.T) {
	cloud := awstest.Moto(t)
	cloud.HTTPClient = &oneAtATime{}
	keepsTheContract(t, dynamodb.NewFromConfig(cloud))
}

// oneAtATime sends a request only after the one before is answered. In moto, two transactions at the same time can both win; in
// DynamoDB and DynamoDB Local they cannot.
type oneAtATime struct{ mu sync.Mutex }

func (o *oneAtATime) Do(r *http.Request) (*http.Response, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return http.DefaultClient.Do(r) //nolint:gosec // to moto
}

func keepsTheContract(t *testing.T, client *dynamodb.Client) {
	tabletest.Run(t, func(t *testing.T, now func() time.Time) store.Table {
		return dynamo.New(client, awstest.CreateTable(t, client), now)
	})
}
