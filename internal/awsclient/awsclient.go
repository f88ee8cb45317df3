// Package awsclient configures the AWS clients of all functions: retries, time limits and connections. It must not know
// which services a function uses. Start reading at Config.
package awsclient

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"cloudmonitor.ai/copilot-connector/internal/platform"
)

const (
	// maxAttempts and maxBackoff are enough to survive a short throttling within the time of a request.
	maxAttempts = 6
	maxBackoff  = 3 * time.Second

	connectWithin = 3 * time.Second
	answerWithin  = 10 * time.Second // the largest answer, of DynamoDB, has 16 MB

	// idleConnections is the largest number of connections in use at the same time, so that all of them are reused.
	idleConnections = 32
)

// Config takes region, credentials and endpoints only from the settings. AWS's own loader also supports profiles, single
// sign-on and instance metadata, which makes each function larger and slower to start.
func Config(settings platform.AWSSettings) aws.Config {
	return aws.Config{
		Region:        settings.Region,
		Credentials:   credentials.NewStaticCredentialsProvider(settings.AccessKeyID, settings.SecretAccessKey, settings.SessionToken),
		ConfigSources: []any{endpoints(settings.Endpoints)},
		HTTPClient: awshttp.NewBuildableClient().WithTimeout(answerWithin).
			WithDialerOptions(func(d *net.Dialer) { d.Timeout = connectWithin }).
			WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = idleConnections }),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = maxAttempts, maxBackoff })
		},
	}
}

// endpoints gives each new AWS client the address of its service.
type endpoints map[string]string

// GetServiceBaseEndpoint implements the interface that the clients look for in aws.Config.ConfigSources.
func (e endpoints) GetServiceBaseEndpoint(_ context.Context, service string) (url string, found bool, err error) {
	url, found = e[service]
	return url, found, nil
}
