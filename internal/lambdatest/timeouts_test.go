package lambdatest_test

import (
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// spare is the time that must be left when a function answers. Lambda kills a function that is only a little too late.
const spare = time.Second

// sendWithin hands a function an event and fails the test unless it answers well before its time is over.
func sendWithin(t *testing.T, timeout time.Duration, function *lambdatest.Function, event []byte) lambdatest.Answer {
	t.Helper()
	began := time.Now()
	function.Timeout = timeout
	answer := function.Send(event)
	if took := time.Since(began); took > timeout-spare {
		t.Errorf("the function answered after %v of %v", took, timeout)
	}
	return answer
}

func TestAFunctionThatRunsOutOfTimeAnswersBeforeLambdaEndsIt(t *testing.T) {
	t.Parallel()
	const brief = 4 * time.Second

	t.Run("verify reports that GitHub cannot be reached", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		gitHubURL, _ := holding(t, w.gitHub.URL, everything)
		function := w.start(lambdatest.Build(t, "VerifyFunction"), "", gitHubURL)
		answer := decode[events.APIGatewayV2HTTPResponse](t, sendWithin(t, brief, function, readEvent(t, "verify.json")).Payload)
		verdict := decode[struct {
			OK     bool
			Checks []struct{ ID, Status string }
		}](t, []byte(answer.Body))
		if answer.StatusCode != 200 || verdict.OK || len(verdict.Checks) == 0 || verdict.Checks[0].ID != "reach" || verdict.Checks[0].Status != "fail" {
			t.Errorf("got %d %s, want 200 with a failing check reach", answer.StatusCode, answer.Body)
		}
		w.mustHide(function.Stop())
	})

	for name, tc := range map[string]struct {
		gitHubHangs, awsHangs bool
		status                int
		code                  string
	}{
		"Save answers 504 when GitHub hangs":  {gitHubHangs: true, status: 504, code: "out_of_time"},
		"Save answers in time when AWS hangs": {awsHangs: true, status: 500, code: "internal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var awsURL, gitHubURL string
			if tc.gitHubHangs {
				gitHubURL, _ = holding(t, w.gitHub.URL, everything)
			}
			if tc.awsHangs {
				awsURL, _ = holding(t, *w.cloud.BaseEndpoint, everything)
			}
			function := w.start(lambdatest.Build(t, "ConnectorsFunction"), awsURL, gitHubURL)
			answer := decode[events.APIGatewayV2HTTPResponse](t, sendWithin(t, brief, function, readEvent(t, "save.json")).Payload)
			problem := decode[struct{ Code string }](t, []byte(answer.Body))
			if answer.StatusCode != tc.status || answer.Headers["Content-Type"] != "application/problem+json" || problem.Code != tc.code {
				t.Errorf("got %d %s, want %d %s", answer.StatusCode, answer.Body, tc.status, tc.code)
			}
			w.mustHide(function.Stop())
		})
	}

	t.Run("collect stores the days it has read, and queues the rest", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		task := w.seed()
		gitHubURL, _ := holding(t, w.gitHub.URL, asksFor(calendar.DateOf(task.ScheduledFor)-20))
		function := w.start(lambdatest.Build(t, "CollectFunction"), "", gitHubURL)
		answer := sendWithin(t, 21*time.Second, function, readEvent(t, "collect.json")) // it works for 4 of these seconds
		if outcome := outcomeOf(t, "collect", answer); outcome != "done" {
			t.Errorf("got %s: %s, want done", outcome, answer.Payload)
		}
		if n := len(w.days(task)); n == 0 || n >= 28 {
			t.Errorf("%d days are stored", n)
		}
		if n := w.waiting(); n != 1 {
			t.Errorf("%d tasks are queued, want the rest as one", n)
		}
		w.mustHide(function.Stop())
	})

	for _, name := range []string{"poll", "remind", "collect"} {
		t.Run(name+" fails when AWS hangs, to be tried again", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			awsURL, _ := holding(t, *w.cloud.BaseEndpoint, everything)
			function := w.start(lambdatest.Build(t, logicalID(name)), awsURL, "")
			answer := sendWithin(t, brief, function, readEvent(t, name+".json"))
			want := map[string]string{"poll": "error", "remind": "error", "collect": "1 failed"}[name]
			if got := outcomeOf(t, name, answer); got != want {
				t.Errorf("got %s: %s, want %s", got, answer.Payload, want)
			}
			if told := logged(t, function.Stop())[answer.RequestID]; len(told) == 0 || !told[len(told)-1].refuses() {
				t.Errorf("logged %+v", told)
			}
		})
	}
}
