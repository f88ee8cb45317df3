package queue

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
)

// refusal is why SQS did not take the entries of a batch.
func refusal(failed []types.BatchResultErrorEntry) error {
	if len(failed) == 0 {
		return awserror.Code("")
	}
	return awserror.Code(aws.ToString(failed[0].Code))
}
