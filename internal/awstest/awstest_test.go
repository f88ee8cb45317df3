package awstest_test

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
)

func TestDynamoDBHasTheTableOfTheTemplate(t *testing.T) {
	client := awstest.DynamoDB(t)
	name := awstest.CreateTable(t, client)
	got, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	if got.Table.TableStatus != "ACTIVE" || len(got.Table.GlobalSecondaryIndexes) != 1 || got.Table.BillingModeSummary.BillingMode != "PAY_PER_REQUEST" {
		t.Errorf("the table is %+v, want it active, with one index and on demand", got.Table)
	}
	ttl, err := client.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil || aws.ToString(ttl.TimeToLiveDescription.AttributeName) != "ttl" {
		t.Errorf("the time to live is %+v, %v, want the attribute ttl", ttl, err)
	}
}

func TestMotoKeepsSecretsAndQueues(t *testing.T) {
	config, name := awstest.Moto(t), rand.Text()
	secrets := secretsmanager.NewFromConfig(config)
	if _, err := secrets.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: &name, SecretString: aws.String("b")}); err != nil {
		t.Fatal(err)
	}
	got, err := secrets.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: &name})
	if err != nil || aws.ToString(got.SecretString) != "b" {
		t.Errorf("the secret is %+v, %v, want b", got, err)
	}
	if _, err := sqs.NewFromConfig(config).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name}); err != nil {
		t.Error(err)
	}
}

// inChild makes this binary the child process of TestNoEmulatorOutlivesItsTests.
const inChild = "AWSTEST_CHILD"

func TestNoEmulatorOutlivesItsTests(t *testing.T) {
	if os.Getenv(inChild) != "" {
		endpoint, err := awstest.Start("moto")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("endpoint", endpoint)
		select {} // until it is killed
	}
	awstest.Moto(t)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // this very binary
	child.Env = append(os.Environ(), inChild+"=1")
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Process.Kill() })
	var address string
	for lines := bufio.NewScanner(output); address == "" && lines.Scan(); {
		if endpoint, ok := strings.CutPrefix(lines.Text(), "endpoint "); ok {
			parsed, err := url.Parse(endpoint)
			if err != nil {
				t.Fatal(err)
			}
			address = parsed.Host
		}
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // the child was killed
	if address == "" {
		t.Fatal("the child started nothing")
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err != nil {
			return
		}
		_ = connection.Close()
		if time.Now().After(deadline) {
			t.Fatalf("%s still answers a minute after its test binary was killed", address)
		}
	}
}
