package fault_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func TestAnErrorsTextHasTheOperationAndCauseButNotTheHint(t *testing.T) {
	for want, err := range map[string]*fault.Error{
		"read seats page 3: rate_limited": {
			Code: fault.RateLimited, Op: "read seats page 3", Hint: "Try again in a minute.", RetryAfter: time.Minute, Accepts: "members=read",
		},
		"read seats: report_broken: it ends": {Code: fault.ReportBroken, Op: "read seats", Err: errors.New("it ends")},
		"internal: it ends":                  {Code: fault.Internal, Err: errors.New("it ends")},
		"not_found":                          {Code: fault.NotFound},
	} {
		if got := err.Error(); got != want {
			t.Errorf("the text is %q, want %q", got, want)
		}
	}
}

func TestTheCodeOfAnError(t *testing.T) {
	limited := &fault.Error{Code: fault.RateLimited}
	for _, test := range []struct {
		name string
		err  error
		want fault.Code
	}{
		{"none", nil, ""},
		{"coded", limited, fault.RateLimited},
		{"wrapped", fmt.Errorf("read seats: %w", fmt.Errorf("page 3: %w", limited)), fault.RateLimited},
		{"joined", errors.Join(errors.New("other"), limited), fault.RateLimited},
		{"an error around another has the outer code", &fault.Error{Code: fault.OutOfTime, Err: limited}, fault.OutOfTime},
		{"without a code", context.Canceled, fault.Internal},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := fault.CodeOf(test.err); got != test.want {
				t.Errorf("code %q, want %q", got, test.want)
			}
			if fault.Is(test.err, fault.NotFound, test.want) != (test.err != nil) {
				t.Errorf("Is does not find the code %q", test.want)
			}
			if fault.Is(test.err, fault.NotFound, fault.PolicyOff) || fault.Is(test.err) {
				t.Error("Is finds a wrong code")
			}
		})
	}
}

func TestUnwrapReturnsTheCause(t *testing.T) {
	err := fmt.Errorf("poll: %w", &fault.Error{Code: fault.OutOfTime, Err: context.DeadlineExceeded})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v hides its cause", err)
	}
	if (&fault.Error{Code: fault.OutOfTime}).Unwrap() != nil {
		t.Error("an error without a cause has one")
	}
}
