// Package dynamo keeps a store.Table in one DynamoDB table, which template.yaml declares: the keys pk and sk, the time
// to live ttl, and the index "listed" over ix and ixs, which holds keys only. Nothing here scans it.
package dynamo

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// One call is tried so often, over about seven seconds. What a batch leaves undone is tried until the context ends.
const maxAttempts = 8

const (
	firstPause   = 50 * time.Millisecond
	longestPause = 5 * time.Second
)

// Table is a store.Table in DynamoDB.
type Table struct {
	client *dynamodb.Client
	name   string
	now    func() time.Time
	retry  func(*dynamodb.Options) // goes with every call
}

var _ store.Table = (*Table)(nil)

// New takes the table of that name. Calls are repeated as this package sees fit, whatever the client would do.
func New(client *dynamodb.Client, table string, now func() time.Time) *Table {
	retryer := retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = maxAttempts
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) { return pause(attempt - 1), nil })
		o.Retryables = append(o.Retryables, retry.IsErrorRetryableFunc(conflict))
		o.RateLimiter = ratelimit.None // its quota would fail the calls that come after many throttled ones
	})
	return &Table{client: client, name: table, now: now, retry: func(o *dynamodb.Options) { o.Retryer = retryer }}
}

// pause is how long to wait after so many attempts besides the first. Half of it is random, so that those who collided do not meet again.
func pause(attempt int) time.Duration {
	longest := min(firstPause<<min(attempt, 10), longestPause)
	return longest/2 + rand.N(longest/2) //nolint:gosec // no secret
}

// conflict says that a write which met another one may be tried again.
func conflict(err error) aws.Ternary {
	if _, ok := errors.AsType[*types.TransactionConflictException](err); ok {
		return aws.TrueTernary
	}
	if canceled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		for _, reason := range canceled.CancellationReasons {
			switch aws.ToString(reason.Code) {
			case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
				return aws.TrueTernary
			}
		}
	}
	return aws.UnknownTernary
}

// failed keeps of AWS's errors their code only: their texts hold names, ARNs and items.
func failed(ctx context.Context, op string, err error) error {
	if ctx.Err() != nil {
		return &fault.Error{Code: fault.OutOfTime, Op: op, Err: ctx.Err()}
	}
	return &fault.Error{Code: fault.Store, Op: op, Err: awserror.Told(err)}
}

// refused is an error of ours, whose text may be shown.
func refused(op string, err error) error {
	return &fault.Error{Code: fault.Store, Op: op, Err: err}
}
