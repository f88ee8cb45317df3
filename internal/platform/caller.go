package platform

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
)

// Caller is who sent a request, as the gateway has established it.
type Caller struct {
	ARN       string // the IAM principal; empty where the route has no IAM authorizer
	SourceIP  string
	RequestID string // the gateway's, the one in its access log; Lambda's own is another
}

type callerKey struct{}

// CallerFrom returns who sent the request of this context; false outside of [HTTPHandler].
func CallerFrom(ctx context.Context) (Caller, bool) {
	caller, ok := ctx.Value(callerKey{}).(Caller)
	return caller, ok
}

func withCaller(ctx context.Context, request events.APIGatewayV2HTTPRequestContext) context.Context {
	caller := Caller{SourceIP: request.HTTP.SourceIP, RequestID: request.RequestID}
	if request.Authorizer != nil && request.Authorizer.IAM != nil {
		caller.ARN = request.Authorizer.IAM.UserARN
	}
	return context.WithValue(ctx, callerKey{}, caller)
}
