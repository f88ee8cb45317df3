// Package awsclient says how every function reaches AWS's services.
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
	// maxAttempts and maxBackoff ride out a short throttling within the time of a request.
	maxAttempts = 6
	maxBackoff  = 3 * time.Second

	connectWithin = 3 * time.Second
	answerWithin  = 10 * time.Second // the largest answer, of DynamoDB, has 16 MB

	// idleConnections is as many as are in use at once at most, so that none is opened twice.
	idleConnections = 32
)

// Config takes region, credentials and endpoints from the settings and from nowhere else: AWS's own loader knows
// profiles, single sign-on and instance metadata too, which makes each function larger and slower to start.
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

// endpoints tells each of AWS's clients, when it is made, where its service is.
type endpoints map[string]string

// GetServiceBaseEndpoint is what the clients look for in aws.Config.ConfigSources.
func (e endpoints) GetServiceBaseEndpoint(_ context.Context, service string) (url string, found bool, err error) {
	url, found = e[service]
	return url, found, nil
}
