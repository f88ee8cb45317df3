// Command page is the Lambda that serves the page at / of the API for callers with a JWT. It has no right except to write its log:
// the page in the browser calls the API with the JWT of its user.
package main

import (
	"log/slog"
	"net/http"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/page"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
)

func main() { lambda.Main(handler) }

func handler(log *slog.Logger) (any, error) {
	settings, err := platform.ReadPageSettings()
	if err != nil {
		return nil, err
	}
	issuer := page.Issuer{URL: settings.Issuer, ClientID: settings.ClientID, Scope: settings.Scope, TenantClaim: settings.TenantClaim}
	client := &http.Client{
		Timeout:       5 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return lambda.HTTPHandler(page.SignedIn(issuer, client, log)), nil
}
