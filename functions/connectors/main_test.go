package main_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

func TestTheBuiltFunction(t *testing.T) {
	bootstrap := lambdatest.Build(t, "ConnectorsFunction")
	settings := []string{
		"TABLE_NAME=table", "QUEUE_URL=https://queue.invalid/", "SECRET_PREFIX=prefix/", "OPERATIONS_TOPIC_ARN=arn:operations", "TOPIC_PREFIX_ARN=arn:connector_",
	}

	t.Run("answers an unknown path itself, and ends on SIGTERM", func(t *testing.T) {
		request := saveEvent(t)
		request.RouteKey, request.RawPath = "$default", "/v1/tenants/acme/nothing"
		function := lambdatest.Start(t, bootstrap, settings...)
		answer, body := invoke[struct{ Code string }](t, function, request)
		if answer.StatusCode != 404 || answer.Headers["Content-Type"] != "application/problem+json" || body.Code != "not_found" {
			t.Errorf("got %d %v %s, want the problem not_found", answer.StatusCode, answer.Headers, answer.Body)
		}
		if log := function.Stop(); strings.Contains(log, "WARN") || strings.Contains(log, "goroutine") {
			t.Errorf("ended with\n%s", log)
		}
	})

	t.Run("does not start without its settings, and names them all", func(t *testing.T) {
		exitCode, log := lambdatest.Start(t, bootstrap, "GITHUB_API_URL=api.github.com").Wait()
		for _, problem := range []string{
			"GITHUB_API_URL must start", "TABLE_NAME is not set", "QUEUE_URL is not set", "SECRET_PREFIX is not set",
			"OPERATIONS_TOPIC_ARN is not set", "TOPIC_PREFIX_ARN is not set",
		} {
			if exitCode != 1 || !strings.Contains(log, problem) {
				t.Errorf("the log does not say %q; exit code %d:\n%s", problem, exitCode, log)
			}
		}
	})
}

// saveEvent returns the gateway's event for an administrator who saves a connector.
func saveEvent(t *testing.T) events.APIGatewayV2HTTPRequest {
	t.Helper()
	raw, err := os.ReadFile("../../events/save.json")
	if err != nil {
		t.Fatal(err)
	}
	return decode[events.APIGatewayV2HTTPRequest](t, raw)
}

// invoke returns the answer to a request, and its body.
func invoke[Body any](t *testing.T, function *lambdatest.Function, request events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, Body) {
	t.Helper()
	answer := decode[events.APIGatewayV2HTTPResponse](t, function.Invoke(encode(t, request)))
	return answer, decode[Body](t, []byte(answer.Body))
}

// asking returns a request of the gateway, with the parts that the function reads.
func asking(method, path, body string) events.APIGatewayV2HTTPRequest {
	request := events.APIGatewayV2HTTPRequest{RawPath: path, Body: body, Headers: map[string]string{"content-type": "application/json"}}
	request.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserARN: "arn:aws:sts::123456789012:assumed-role/admin-app/acme"},
	}
	request.RequestContext.HTTP.Method, request.RequestContext.HTTP.Path = method, path
	return request
}

func encode(t *testing.T, request events.APIGatewayV2HTTPRequest) []byte {
	t.Helper()
	event, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func decode[T any](t *testing.T, raw []byte) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return value
}
