package deployed_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
)

type table struct {
	BillingMode                      string
	DeletionProtectionEnabled        bool
	PointInTimeRecoverySpecification struct{ PointInTimeRecoveryEnabled bool }
	SSESpecification                 struct {
		SSEEnabled              bool
		SSEType, KMSMasterKeyID string
	}
	TimeToLiveSpecification struct {
		AttributeName string
		Enabled       bool
	}
}

func TestNoDeploymentLosesStoredData(t *testing.T) {
	for name, parameters := range parameterSets {
		t.Run(name, func(t *testing.T) {
			stack := declared(t, parameters)
			tables := propertiesOf[table](t, stack, "AWS::DynamoDB::Table")
			if _, own := tables["Table"]; own != (parameters["RestoredTable"] == "") || len(tables) > 2 {
				t.Errorf("the stack has the tables %v", tables)
			}
			for id, table := range tables {
				if resource := stack[id]; resource.DeletionPolicy != "Retain" || resource.UpdateReplacePolicy != "Retain" {
					t.Errorf("%s is deleted with the stack (%q) or when it is replaced (%q), want Retain", id, resource.DeletionPolicy, resource.UpdateReplacePolicy)
				}
				if !table.DeletionProtectionEnabled {
					t.Errorf("%s can be deleted by hand", id)
				}
				switch recovers := table.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled; {
				case id == "TokenTable" && recovers:
					t.Errorf("%s has point-in-time recovery, which would keep replaced and deleted tokens", id)
				case id != "TokenTable" && !recovers:
					t.Errorf("%s has no point-in-time recovery, which docs/OPERATIONS.md promises", id)
				}
				if table.BillingMode != "PAY_PER_REQUEST" {
					t.Errorf("%s has the billing mode %q, want PAY_PER_REQUEST: a fixed capacity is paid for all day, and the daily poll exceeds it", id, table.BillingMode)
				}
				if at := table.SSESpecification; !at.SSEEnabled || at.SSEType != "KMS" || at.KMSMasterKeyID != parameters["KmsKeyArn"] {
					t.Errorf("%s is not encrypted with KMS, or not with the parameter's key: %+v", id, at)
				}
			}
		})
	}
}

// TestTheTableDeletesExpiredItems checks that an item of the store has the attribute by which DynamoDB deletes it in time.
func TestTheTableDeletesExpiredItems(t *testing.T) {
	client := dynamodb.NewFromConfig(awstest.Moto(t))
	name := awstest.CreateTable(t, client)
	expires := time.Now().Add(time.Hour)
	item := store.Item{Key: store.Key{Partition: "p", Sort: "s"}, Body: []byte("{}"), Expires: expires}
	if err := dynamo.New(client, name, time.Now).Put(t.Context(), item); err != nil {
		t.Fatal(err)
	}
	written, err := client.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(name)})
	if err != nil || len(written.Items) != 1 {
		t.Fatalf("the table holds %+v, %v", written, err)
	}
	ttl := propertiesOf[table](t, declared(t, nil), "AWS::DynamoDB::Table")["Table"].TimeToLiveSpecification
	until, ok := written.Items[0][ttl.AttributeName].(*types.AttributeValueMemberN)
	if !ttl.Enabled || !ok || until.Value != strconv.FormatInt(expires.Unix(), 10) {
		t.Errorf("the table's time to live is %+v, but the store writes %s", ttl, encode(t, written.Items[0]))
	}
}
