// Package awserror says what of an error of AWS may be told: its code alone, for the rest of it names accounts, ARNs,
// secrets and people's addresses.
package awserror

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/smithy-go"
)

// Told is the code of an AWS error, or that the context has ended.
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

// Code makes an error of a code: letters and dots. What AWS, or who stands in its place, calls one and is none is not told.
func Code(code string) error {
	if code == "" || len(code) > maxCode || strings.Trim(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.") != "" {
		return errors.New("no usable answer")
	}
	return errors.New(code)
}
