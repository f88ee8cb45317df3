package vault

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"sync"

	"github.com/aws/smithy-go"
)

var awsCode = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z.]{1,64}$`) })

// answer keeps of an AWS error its code alone: the rest of it names accounts, ARNs and secrets.
func answer(err error) error {
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			return ended
		}
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok && awsCode().MatchString(api.ErrorCode()) {
		return errors.New(api.ErrorCode())
	}
	return errors.New("no usable answer")
}

func hasCode(err error, codes ...string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && slices.Contains(codes, api.ErrorCode())
}
