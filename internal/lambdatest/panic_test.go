package lambdatest_test

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// asBootstrap is the variable that makes this test binary the bootstrap of a function that panics. No event makes a real
// function panic.
const asBootstrap = "LAMBDATEST_PANICS"

func TestMain(m *testing.M) {
	if handler, ok := panicking[os.Getenv(asBootstrap)]; ok {
		lambda.Main(func(log *slog.Logger) (any, error) { return handler(log), nil })
	}
	_ = flag.Set("test.parallel", "4") // most tests wait for a function's time limit; the command line may set another number
	os.Exit(m.Run())
}

// panicking holds handlers that panic, made as in functions/*/main.go, by the service that calls them.
var panicking = map[string]func(*slog.Logger) any{
	"the gateway": func(log *slog.Logger) any {
		return lambda.HTTPHandler(adminapi.API{Verifier: new(firstTime), Now: time.Now, Log: log}.Handler())
	},
	"the queue": func(log *slog.Logger) any {
		work := new(firstTime)
		decode := func(string) (connector.Task, error) { return connector.Task{}, nil }
		return lambda.QueueHandler(log, decode, func(context.Context, connector.Task) error { return work.do() })
	},
	"a schedule": func(log *slog.Logger) any {
		work := new(firstTime)
		return lambda.ScheduleHandler(log, func(context.Context, time.Time) error { return work.do() })
	},
}

// firstTime returns work that panics only the first time.
type firstTime struct{ done bool }

func (f *firstTime) do() error {
	if !f.done {
		f.done = true
		panic(errors.New(canary))
	}
	return nil
}

func (f *firstTime) Verify(context.Context, verify.Request) verify.Result {
	_ = f.do()
	return verify.Result{OK: true}
}

func TestAPanicFailsOneInvocationAndLogsItsStackButNotItsText(t *testing.T) {
	t.Parallel()
	for caller, tc := range map[string]struct{ event, function, fails, works string }{
		"the gateway": {"verify.json", "verify", "500", "200"},
		"the queue":   {"collect.json", "collect", "1 failed", "done"},
		"a schedule":  {"poll.json", "poll", "error", "done"},
	} {
		t.Run(caller, func(t *testing.T) {
			t.Parallel()
			function := lambdatest.Start(t, os.Args[0], asBootstrap+"="+caller)
			event := readEvent(t, tc.event)
			first := function.Send(event)
			if got := outcomeOf(t, tc.function, first); got != tc.fails {
				t.Errorf("the panic: got %s: %s", got, first.Payload)
			}
			if tc.function == "verify" {
				answer := decode[events.APIGatewayV2HTTPResponse](t, first.Payload)
				if problem := decode[struct{ Code string }](t, []byte(answer.Body)); answer.Headers["Content-Type"] != "application/problem+json" || problem.Code != "internal" {
					t.Errorf("the panic: %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
				}
			}
			second := function.Send(event)
			if got := outcomeOf(t, tc.function, second); got != tc.works {
				t.Errorf("afterwards: got %s: %s", got, second.Payload)
			}
			log := function.Stop()
			if told := logged(t, log)[first.RequestID]; len(told) == 0 || told[0].Level != "ERROR" || !strings.Contains(log, "(*firstTime).do") {
				t.Errorf("the log has no stack trace:\n%s", log)
			}
			if strings.Contains(log+string(first.Payload), canary) {
				t.Errorf("the panic's text is in the answer or the log:\n%s\n%s", first.Payload, log)
			}
		})
	}
}
