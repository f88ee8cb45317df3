package connector_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

func TestAnErrorSaysWhatWasDoneAndWhyButNotItsHint(t *testing.T) {
	for want, err := range map[string]*connector.Error{
		"read seats page 3: rate_limited": {
			Code: connector.CodeRateLimited, Op: "read seats page 3", Hint: "Try again in a minute.", RetryAfter: time.Minute, Accepts: "members=read",
		},
		"read seats: report_broken: it ends": {Code: connector.CodeReportBroken, Op: "read seats", Err: errors.New("it ends")},
		"internal: it ends":                  {Code: connector.CodeInternal, Err: errors.New("it ends")},
		"not_found":                          {Code: connector.CodeNotFound},
	} {
		if got := err.Error(); got != want {
			t.Errorf("it reads %q, want %q", got, want)
		}
	}
}

func TestTheCodeOfAnError(t *testing.T) {
	limited := &connector.Error{Code: connector.CodeRateLimited}
	for _, test := range []struct {
		name string
		err  error
		want connector.Code
	}{
		{"none", nil, ""},
		{"coded", limited, connector.CodeRateLimited},
		{"wrapped", fmt.Errorf("read seats: %w", fmt.Errorf("page 3: %w", limited)), connector.CodeRateLimited},
		{"joined", errors.Join(errors.New("other"), limited), connector.CodeRateLimited},
		{"around another, the outer one", &connector.Error{Code: connector.CodeOutOfTime, Err: limited}, connector.CodeOutOfTime},
		{"without a code", context.Canceled, connector.CodeInternal},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := connector.CodeOf(test.err); got != test.want {
				t.Errorf("code %q, want %q", got, test.want)
			}
			if connector.Is(test.err, connector.CodeNotFound, test.want) != (test.err != nil) {
				t.Errorf("Is does not know it by %q", test.want)
			}
			if connector.Is(test.err, connector.CodeNotFound, connector.CodePolicyOff) || connector.Is(test.err) {
				t.Error("Is knows it by other codes")
			}
		})
	}
}

func TestAnErrorGivesItsCause(t *testing.T) {
	err := fmt.Errorf("poll: %w", &connector.Error{Code: connector.CodeOutOfTime, Err: context.DeadlineExceeded})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v hides its cause", err)
	}
	if (&connector.Error{Code: connector.CodeOutOfTime}).Unwrap() != nil {
		t.Error("an error without a cause has one")
	}
}
