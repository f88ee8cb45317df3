// Package awserror reduces an AWS error to its code, which is the only part that may be logged or returned: the rest contains
// account numbers, ARNs, names of secrets and people's addresses. Every adapter of AWS uses it. Start reading at Told.
package awserror

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/smithy-go"
)

// Told returns an error with only the code of an AWS error, or the context's error.
func Told(err error) error {
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			return ended
		}
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return Code(api.ErrorCode())
	}
	return Code("")
}

// maxCode is longer than any of AWS's codes.
const maxCode = 64

// Code returns an error with a code of letters and dots. If the text is not such a code, the error does not repeat it: it may
// come from a proxy that answers instead of AWS.
func Code(code string) error {
	if code == "" || len(code) > maxCode || strings.Trim(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.") != "" {
		return errors.New("no usable answer")
	}
	return errors.New(code)
}
