package notify

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func failed(op string, err error) error {
	if err == nil {
		return nil
	}
	return &fault.Error{Code: fault.Mail, Op: op, Err: awserror.Told(err)}
}

// isGone says that a topic or a subscription is not there.
func isGone(err error) bool {
	_, gone := errors.AsType[*types.NotFoundException](err)
	return gone
}
