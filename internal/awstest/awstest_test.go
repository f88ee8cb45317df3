package awstest_test

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
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

// role makes this binary a process of TestNoServerOutlivesItsTests.
const role = "AWSTEST_ROLE"

func TestNoServerOutlivesItsTests(t *testing.T) {
	self := []string{os.Args[0], "-test.run=^" + t.Name() + "$"}
	switch os.Getenv(role) {
	case "server":
		listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:"+os.Getenv("PORT"))
		fmt.Println(listener, err)
		time.Sleep(time.Hour) // until it is killed; without cgo, Go would end a program that waits for nothing
	case "tests":
		endpoint, err := awstest.Serve(func(port string) []string { return append([]string{"env", role + "=server", "PORT=" + port}, self...) })
		fmt.Println("endpoint", endpoint, err)
		time.Sleep(time.Hour) // until it is killed; without cgo, Go would end a program that waits for nothing
	}
	for name, kill := range map[string]func(pid int) error{
		"killed":                    func(pid int) error { return syscall.Kill(pid, syscall.SIGKILL) },
		"interrupted by a terminal": func(pid int) error { return syscall.Kill(-pid, syscall.SIGINT) },
		"ended with its group":      func(pid int) error { return syscall.Kill(-pid, syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tests := exec.CommandContext(t.Context(), self[0], self[1:]...) //nolint:gosec // this very binary
			tests.Env = append(os.Environ(), role+"=tests")
			tests.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			address := started(t, tests)
			if err := kill(tests.Process.Pid); err != nil {
				t.Fatal(err)
			}
			_ = tests.Wait() // they were killed
			mustEnd(t, address)
		})
	}
}

// started starts the process of tests and returns the address of its server.
func started(t *testing.T, tests *exec.Cmd) (address string) {
	t.Helper()
	output, err := tests.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tests.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tests.Process.Kill() })
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if _, err := fmt.Sscanf(lines.Text(), "endpoint http://%s <nil>", &address); err == nil {
			return address
		}
	}
	t.Fatal("the server did not start")
	return ""
}

func mustEnd(t *testing.T, address string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err != nil {
			return
		}
		_ = connection.Close()
		if time.Now().After(deadline) {
			t.Fatalf("%s still answers a minute after its tests have ended", address)
		}
	}
}
