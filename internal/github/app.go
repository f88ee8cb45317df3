package github

import (
	"context"
	"errors"

	gh "github.com/google/go-github/v66/github"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Open finds the installation of a GitHub App on an account and gets a token to read it with. known has the id of the installation that
// was found before, and the id of the account, if they are known. It must be the first call. With an error it still returns the known part of the installation.
func (c *Client) Open(ctx context.Context, account copilot.Account, known credential.Installation) (credential.Installation, error) {
	if c.app == nil {
		return credential.Installation{}, &fault.Error{Code: fault.Internal, Op: "open", Err: errors.New("a token has no installation")}
	}
	return c.app.Open(ctx, account, known)
}

// Close gives the token of a GitHub App back. It does nothing for a pasted token.
func (c *Client) Close(ctx context.Context) {
	if c.app != nil {
		c.app.Close(ctx)
	}
}

// askAsApp sends a request with the given bearer instead of the token.
func (c *Client) askAsApp(ctx context.Context, op, method, path, bearer string, body any) ([]byte, error) {
	req, err := c.bare.NewRequest(method, path, body, gh.WithVersion(apiVersion))
	if err != nil {
		return nil, &fault.Error{Code: fault.Internal, Op: op, Err: errors.New("the request cannot be written")}
	}
	c.sent.add(bearer)
	req.Header.Set("Authorization", "Bearer "+bearer)
	a, err := c.send(ctx, c.bare, op, req)
	return a.body, err
}
