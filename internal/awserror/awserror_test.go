package awserror_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
)

func TestOnlyTheCodeOfAnErrorIsTold(t *testing.T) {
	const secret = "arn:aws:sns:eu-central-1:123456789012:topic"
	coded := func(code string) error {
		return fmt.Errorf("publish to %s: %w", secret, &smithy.GenericAPIError{Code: code, Message: secret})
	}
	for want, err := range map[string]error{
		"AccessDenied":              coded("AccessDenied"),
		"AWS.Service.Unavailable":   coded("AWS.Service.Unavailable"),
		"context canceled":          fmt.Errorf("%s: %w", secret, context.Canceled),
		"context deadline exceeded": fmt.Errorf("%s: %w", secret, context.DeadlineExceeded),
	} {
		if got := awserror.Told(err); got.Error() != want {
			t.Errorf("the text is %q, want %q", got, want)
		}
	}
	for _, err := range []error{coded(""), coded(secret), coded("two words"), coded("Ünicode"), coded("a1"), coded(strings.Repeat("A", 65)), errors.New(secret)} {
		if got := awserror.Told(err); got.Error() != "no usable answer" {
			t.Errorf("the text for %[2]q is %[1]q", got, err)
		}
	}
}
