package github

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	gh "github.com/google/go-github/v66/github"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
)

const (
	// apiVersion is sent with every call; GitHub serves it until 2028-03-10 at least.
	apiVersion = "2026-03-10"

	mediaType = "application/vnd.github+json"

	// maxAnswer bounds an API answer: a page of 100 seats has some 300 KB.
	maxAnswer = 8 << 20
)

// Client asks GitHub with one token. It stops by itself: after GitHub has refused the token it sends nothing more, and after
// a rate limit it sends nothing more to the API or to the report hosts, whichever named the limit.
type Client struct {
	rest              *gh.Client
	bare              *gh.Client        // puts no token on requests
	app               *apptoken.Session // nil for a token
	sent              *sent
	downloads         *http.Client
	links             linkPolicy
	apiGate, linkGate *gate
	turns             *turns
	now               func() time.Time
	patience          time.Duration // see the constant
}

// Connect returns a Client for a token on a host that copilot.ParseHost accepts. It sends nothing yet.
func (s *Service) Connect(host string, token credential.Token) *Client {
	api := s.apiURL(host)
	links := linkPolicy{host: host, loopback: s.override != nil && isLoopback(s.override)}
	next := bounded{next: s.transport, limit: maxAnswer}
	c := &Client{
		sent:      newSent(token),
		downloads: newDownloadClient(s.transport, links),
		links:     links,
		apiGate:   newGate(),
		linkGate:  newGate(),
		turns:     newTurns(),
		now:       s.now,
		patience:  patience,
	}
	if token.Kind().IsApp() {
		c.bare = restClient(appOnly{next: next, host: api.Host}, api)
		c.app = s.session(host, token, c.askAsApp)
	}
	c.rest = restClient(authorise{next: next, host: api.Host, token: token, app: c.app, sent: c.sent}, api)
	return c
}

func restClient(transport http.RoundTripper, api *url.URL) *gh.Client {
	rest := gh.NewClient(&http.Client{Transport: transport, CheckRedirect: refuseRedirect})
	rest.BaseURL = api
	rest.UserAgent = "cloudmonitor-copilot-connector"
	return rest
}

// APIHost returns the host of the API, with its port if that is not the default.
func (c *Client) APIHost() string { return c.rest.BaseURL.Host }

// answer is GitHub's answer to a call that it did not refuse.
type answer struct {
	status int
	header http.Header
	pages  int     // the last page of a list, 0 when GitHub names none
	limit  gh.Rate // also set if go-github itself refuses the call because of an earlier limit
	body   []byte
}

// get asks for a path below the API's base. With an error too it returns as much of an answer as came.
func (c *Client) get(ctx context.Context, op, path string) (answer, error) {
	leave, err := c.apiGate.enter(ctx, op)
	if err != nil {
		return answer{}, err
	}
	defer leave()
	req, err := c.rest.NewRequest(http.MethodGet, path, nil, gh.WithVersion(apiVersion))
	if err != nil {
		return answer{}, &fault.Error{Code: fault.Internal, Op: op, Err: err}
	}
	a, err := c.send(ctx, c.rest, op, req)
	c.heed(a.limit, err)
	return a, err
}

// send sends a request and explains a refusal.
func (c *Client) send(ctx context.Context, through *gh.Client, op string, req *http.Request) (answer, error) {
	req.Header.Set("Accept", mediaType)
	var body bytes.Buffer
	resp, err := through.Do(ctx, req, &body)
	var a answer
	if resp != nil && resp.Response != nil {
		a = answer{status: resp.StatusCode, header: resp.Header, pages: resp.LastPage, limit: resp.Rate, body: body.Bytes()}
	}
	none, noToken := errors.AsType[*fault.Error](err) // of a GitHub App: nothing was sent
	switch {
	case noToken:
		err = none
	case err != nil:
		err = c.explain(ctx, op, a, err)
	case bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("<")): // an HTML page, such as a network's sign-in page
		err = &fault.Error{Code: fault.NotGitHub, Op: op, Err: errors.New("the answer is a web page, not GitHub's")}
	}
	return a, err
}

// heed stops further calls if GitHub refuses the token, if it names a limit, if this was the last call within a limit, or if
// something between us and GitHub asks us to wait.
func (c *Client) heed(limit gh.Rate, err error) {
	limited, refused := errors.AsType[*fault.Error](err)
	switch {
	case refused && limited.Code == fault.TokenRefused: // GitHub locks the owner out for a while if it is sent again and again
		c.apiGate.shut(limited)
		return
	case refused && limited.Code == fault.NotGitHub:
		if limited.RetryAfter > 0 {
			c.apiGate.shut(limited)
		}
		return
	}
	if !refused || limited.Code != fault.RateLimited {
		wait, spent := c.untilReset(limit)
		if !spent {
			return
		}
		limited = &fault.Error{Code: fault.RateLimited, RetryAfter: wait, Hint: sharedLimit}
	}
	c.apiGate.shut(limited)
}

// getJSON is get for an answer that must be one JSON object. Names must match to the letter, and none may be repeated: if an
// amount is there twice, nobody knows which is right.
func (c *Client) getJSON(ctx context.Context, op, path string, into any) (answer, error) {
	a, err := c.get(ctx, op, path)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(a.body, into, jsontext.AllowInvalidUTF8(true)); err != nil {
		return a, unexpected(op, "its answer is not the JSON that GitHub documents")
	}
	return a, nil
}
