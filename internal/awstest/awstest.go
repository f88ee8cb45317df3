// Package awstest gives tests emulated AWS services over HTTP on this machine: DynamoDB Local for DynamoDB, and moto for the
// other services and for deployments of the template. `make test` fetches both with .ci/emulators. If they are missing, a test
// that needs them is skipped, or fails with CI=true. Each emulator starts once per `make test`, or once per test binary without
// it. So tests must give what they create names of its own. Start reading at DynamoDB and Moto.
package awstest

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cloudmonitor.ai/copilot-connector/internal/testrun"
)

// DynamoDB returns a client of DynamoDB Local. All tests share its tables.
func DynamoDB(t testing.TB) *dynamodb.Client {
	t.Helper()
	endpoint, err := dynamoDBLocal()
	require(t, "DynamoDB Local", "Java 17 or newer", err)
	return dynamodb.NewFromConfig(configFor(endpoint))
}

// Moto returns a configuration for clients of moto. All tests share its content.
func Moto(t testing.TB) aws.Config {
	t.Helper()
	endpoint, err := moto()
	require(t, "moto", "Python 3.11 or newer", err)
	return configFor(endpoint)
}

// Python returns the Python interpreter that has AWS's translator of SAM templates. It is fetched together with moto.
func Python(t testing.TB) string {
	t.Helper()
	venv, err := fetched(motoName)
	require(t, "the SAM translator", "Python 3.11 or newer", err)
	return filepath.Join(venv, "bin", "python")
}

// Shared is the kind of thing that Start makes for all test binaries of a run.
const Shared = "emulator"

// The names of the emulators, which are also the names of their folders in .cache.
const (
	dynamoDBLocalName = "dynamodb-local"
	motoName          = "moto"
)

var (
	dynamoDBLocal = sync.OnceValues(func() (endpoint string, err error) { return emulator(dynamoDBLocalName) })
	moto          = sync.OnceValues(func() (endpoint string, err error) { return emulator(motoName) })
)

// emulator returns the URL of the run's emulator, or starts one for this process.
func emulator(name string) (endpoint string, err error) {
	if _, err := fetched(name); err != nil {
		return "", err
	}
	if endpoint, hosted, err := testrun.Ask(Shared, name); hosted {
		return endpoint, err
	}
	return Start(name)
}

// Start starts an emulator, which ends with this process, and returns its URL.
func Start(name string) (endpoint string, err error) {
	folder, err := fetched(name)
	if err != nil {
		return "", err
	}
	return serve(func(port string) []string {
		if name == motoName {
			return []string{filepath.Join(folder, "bin", "moto_server"), "-H", "127.0.0.1", "-p", port}
		}
		return []string{
			"java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", // it runs too briefly for what more would cost
			"-cp", filepath.Join(folder, "*"), "software.amazon.dynamodb.services.local.main.ServerRunner",
			"-inMemory", "-disableTelemetry", "-port", port,
		}
	})
}

// configFor returns a configuration for one endpoint. It reads no environment, no profile and no instance metadata.
func configFor(endpoint string) aws.Config {
	return aws.Config{
		Region:       "eu-central-1",
		BaseEndpoint: &endpoint,
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
}

// require skips or fails a test whose emulator is missing, and says what to do.
func require(t testing.TB, name, runtime string, err error) {
	t.Helper()
	switch {
	case err == nil:
	case !errors.Is(err, errNotHere):
		t.Fatalf("%s does not start: %v", name, err)
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is not here: make test fetches it; it needs %s", name, runtime)
	default:
		t.Skipf("%s is not here: make test fetches it; it needs %s", name, runtime)
	}
}

var errNotHere = errors.New("not fetched")

// fetched returns the folder into which .ci/emulators puts an emulator. The script writes the list of its sources last, so a
// folder with the list is complete.
func fetched(name string) (string, error) {
	root, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if root == filepath.Dir(root) {
			return "", errors.New("no go.mod above the test")
		}
		root = filepath.Dir(root)
	}
	folder := filepath.Join(root, ".cache", name)
	if _, err := os.Stat(filepath.Join(folder, "installed.txt")); errors.Is(err, fs.ErrNotExist) {
		return "", errNotHere
	} else if err != nil {
		return "", err
	}
	if _, err := exec.LookPath("java"); name == dynamoDBLocalName && err != nil {
		return "", errNotHere
	}
	return folder, nil
}
