package notify

import (
	"context"
	"errors"
	"regexp"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

func failed(op string, err error) error {
	if err == nil {
		return nil
	}
	return &connector.Error{Code: connector.CodeMail, Op: op, Err: answer(err)}
}

// isGone says that a topic or a subscription is not there.
func isGone(err error) bool {
	_, gone := errors.AsType[*types.NotFoundException](err)
	return gone
}

var awsCode = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z.]{1,64}$`) })

// answer keeps of an AWS error its code alone: the rest of it names accounts, topics and people's addresses.
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
