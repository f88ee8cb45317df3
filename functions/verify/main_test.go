package main_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

func TestTheBuiltFunction(t *testing.T) {
	bootstrap := lambdatest.Build(t, "VerifyFunction")
	event, err := os.ReadFile("../../events/verify.json") // its token is one of the simulated GitHub's
	if err != nil {
		t.Fatal(err)
	}
	var request events.APIGatewayV2HTTPRequest
	decode(t, event, &request)
	var sent struct{ Token, Slug string }
	decode(t, []byte(request.Body), &sent)

	t.Run("answers the real event with the 14-day proof and logs no token", func(t *testing.T) {
		github := httptest.NewServer(githubsim.New(time.Now, githubsim.Cast(time.Now())...))
		t.Cleanup(github.Close)
		function := lambdatest.Start(t, bootstrap, "GITHUB_API_URL="+github.URL)

		var answer events.APIGatewayV2HTTPResponse
		decode(t, function.Invoke(event), &answer)
		var body struct {
			OK      bool
			Account struct{ Slug string }
			Preview struct{ Days []struct{ State string } }
		}
		decode(t, []byte(answer.Body), &body)
		if answer.StatusCode != 200 || answer.Headers["Content-Type"] != "application/json" || answer.IsBase64Encoded {
			t.Errorf("got status %d, headers %v", answer.StatusCode, answer.Headers)
		}
		if !body.OK || body.Account.Slug != sent.Slug || len(body.Preview.Days) != 14 {
			t.Errorf("got %s, want ok and 14 days", answer.Body)
		}
		if log := function.Stop(); strings.Contains(answer.Body+log, sent.Token) {
			t.Errorf("the token is in the answer or the log:\n%s\n%s", answer.Body, log)
		}
	})

	t.Run("does not start with invalid settings, and says why", func(t *testing.T) {
		exitCode, log := lambdatest.Start(t, bootstrap, "GITHUB_API_URL=api.github.com").Wait()
		if exitCode != 1 || !strings.Contains(log, "GITHUB_API_URL must start with") {
			t.Errorf("exited with %d:\n%s", exitCode, log)
		}
	})
}

func decode(t *testing.T, raw []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
}
