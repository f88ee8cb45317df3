// Package dynamo implements store.Table in one DynamoDB table, which template.yaml declares: the keys pk and sk, the time to live
// ttl, and the index "listed" over ix and ixs, which has keys only. The package never scans the table, and must not know what an item
// means. Start reading at Table, then item.go, which has the layout of an item.
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
	"golang.org/x/time/rate"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// maxAttempts is how often one call is tried, over about seven seconds. The unprocessed part of a batch is tried until the context
// ends.
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
	retry  func(*dynamodb.Options) // an option of every call
	paces  *paces
}

var _ store.Table = (*Table)(nil)

// New returns the table with that name. This package decides how often a call is repeated, not the client.
func New(client *dynamodb.Client, table string, now func() time.Time) *Table {
	retryer := retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = maxAttempts
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) { return pause(attempt - 1), nil })
		o.Retryables = append(o.Retryables, retry.IsErrorRetryableFunc(conflict))
		o.RateLimiter = ratelimit.None // the client's quota would fail calls after many throttled ones
	})
	return &Table{
		client: client, name: table, now: now, retry: func(o *dynamodb.Options) { o.Retryer = retryer },
		paces: &paces{all: map[string]*rate.Limiter{}},
	}
}

// pause returns how long to wait after a number of repeated attempts. Half of it is random, so that callers that collided do not
// collide again.
func pause(attempt int) time.Duration {
	longest := min(firstPause<<min(attempt, 10), longestPause)
	return longest/2 + rand.N(longest/2) //nolint:gosec // no secret
}

// conflict lets a write be repeated if another write was in its way.
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

// failed returns an error with only the code of AWS's error, because the text contains names, ARNs and items.
func failed(ctx context.Context, op string, err error) error {
	if ctx.Err() != nil {
		return &fault.Error{Code: fault.OutOfTime, Op: op, Err: ctx.Err()}
	}
	return &fault.Error{Code: fault.Store, Op: op, Err: awserror.Told(err)}
}

// refused returns an error of this package. Its text may be shown.
func refused(op string, err error) error {
	return &fault.Error{Code: fault.Store, Op: op, Err: err}
}
