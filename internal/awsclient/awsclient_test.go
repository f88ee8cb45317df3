package awsclient_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/awsclient"
	"cloudmonitor.ai/copilot-connector/internal/platform"
)

func TestOnlyTheSettingsOfLambdaAreUsed(t *testing.T) {
	var asked []*http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r)
		_, _ = w.Write([]byte(`{}`))
	}))
	t.Cleanup(server.Close)
	profile := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(profile, []byte("[default]\nregion = us-west-2\naws_access_key_id = OTHER\naws_secret_access_key = other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "session",
		"AWS_ENDPOINT_URL_SQS": server.URL, "AWS_CONFIG_FILE": profile, "AWS_PROFILE": "default",
	} {
		t.Setenv(name, value)
	}

	aws := awsclient.Config(platform.ReadAWSSettings())
	if _, err := sqs.NewFromConfig(aws).ListQueues(t.Context(), nil); err != nil || len(asked) != 1 {
		t.Fatalf("%d calls, %v", len(asked), err)
	}
	signature, session := asked[0].Header.Get("Authorization"), asked[0].Header.Get("X-Amz-Security-Token")
	if !strings.Contains(signature, "Credential=AKIDEXAMPLE/") || !strings.Contains(signature, "/eu-central-1/sqs/") || session != "session" {
		t.Errorf("signed %s for the session %s", signature, session)
	}
}

func TestACallToABusyServiceIsRetried(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = w.Write([]byte(`{}`))
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL_SQS": server.URL,
	} {
		t.Setenv(name, value)
	}
	aws := awsclient.Config(platform.ReadAWSSettings())
	if _, err := sqs.NewFromConfig(aws).ListQueues(t.Context(), nil); err != nil || asked != 2 {
		t.Errorf("%d calls, %v", asked, err)
	}
}
