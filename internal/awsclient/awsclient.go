// Package awsclient opens the clients of AWS's services as every function uses them.
package awsclient

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
)

const (
	// maxAttempts and maxBackoff ride out a short throttling within the time of a request.
	maxAttempts = 6
	maxBackoff  = 3 * time.Second

	// answerWithin is far beyond what any of the calls takes: the largest answer has 16 MB.
	answerWithin = 20 * time.Second
)

// Config reads region, credentials and endpoints as AWS's libraries do, and bounds how long a call may take.
func Config(ctx context.Context) (aws.Config, error) {
	client := awshttp.NewBuildableClient().WithTimeout(answerWithin).WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = 32
	})
	cfg, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(client), config.WithRetryer(func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = maxAttempts, maxBackoff })
	}))
	if err != nil {
		return aws.Config{}, fmt.Errorf("read AWS's configuration: %w", err)
	}
	return cfg, nil
}
