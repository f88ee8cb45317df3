package queue

import (
	"context"
	"errors"
	"regexp"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

// answer keeps of an AWS error its code alone: the rest of it names accounts and queues.
func answer(err error) error {
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			return ended
		}
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return told(api.ErrorCode())
	}
	return told("")
}

// refusal is why SQS did not take the entries of a batch.
func refusal(failed []types.BatchResultErrorEntry) error {
	if len(failed) == 0 {
		return told("")
	}
	return told(aws.ToString(failed[0].Code))
}

var awsCode = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z.]{1,64}$`) })

func told(code string) error {
	if !awsCode().MatchString(code) {
		return errors.New("no usable answer")
	}
	return errors.New(code)
}
