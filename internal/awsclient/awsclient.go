// Package awsclient says how every function reaches AWS's services.
package awsclient

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

const (
	// maxAttempts and maxBackoff ride out a short throttling within the time of a request.
	maxAttempts = 6
	maxBackoff  = 3 * time.Second

	connectWithin = 3 * time.Second
	answerWithin  = 10 * time.Second // the largest answer, of DynamoDB, has 16 MB

	// idleConnections is as many as are in use at once at most, so that none is opened twice.
	idleConnections = 32
)

// Config takes region, credentials and endpoints (AWS_ENDPOINT_URL_SQS and its like) from the environment, where Lambda
// puts them, and from nowhere else: AWS's own loader knows profiles, single sign-on and instance metadata too, which
// makes each function 1.5 MB larger.
func Config() (aws.Config, error) {
	env, err := config.NewEnvConfig()
	if err != nil {
		return aws.Config{}, fmt.Errorf("read AWS's settings: %w", err)
	}
	return aws.Config{
		Region:        env.Region,
		Credentials:   credentials.StaticCredentialsProvider{Value: env.Credentials},
		ConfigSources: []any{env},
		HTTPClient: awshttp.NewBuildableClient().WithTimeout(answerWithin).
			WithDialerOptions(func(d *net.Dialer) { d.Timeout = connectWithin }).
			WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = idleConnections }),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = maxAttempts, maxBackoff })
		},
	}, nil
}
