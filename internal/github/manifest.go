package github

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	gh "github.com/google/go-github/v66/github"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Website returns the address at which people see a host, such as https://github.com. A GitHub on loopback has API and pages at
// one address.
func (s *Service) Website(host string) string {
	if s.override != nil && isLoopback(s.override) {
		return strings.TrimSuffix(s.override.String(), "/")
	}
	return "https://" + host
}

const opRegistered = "exchange the code of a new GitHub App"

// Registered exchanges the code that GitHub gives to a person who has registered an App from a manifest. A code is good for one
// exchange within an hour. The error is fault.NotFound for any other code.
func (s *Service) Registered(ctx context.Context, host, code string) (credential.Registered, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeWithin)
	defer cancel()
	c, api := s.Connect(host, credential.Token{}), s.apiURL(host)
	bare := restClient(exchangeOnly{next: bounded{next: s.transport, limit: maxRegistered}, host: api.Host}, api)
	req, err := bare.NewRequest(http.MethodPost, "app-manifests/"+code+"/conversions", nil, gh.WithVersion(apiVersion))
	if err != nil {
		return credential.Registered{}, &fault.Error{Code: fault.Internal, Op: opRegistered, Err: errors.New("the request cannot be written")}
	}
	a, err := c.send(ctx, bare, opRegistered, req)
	if err != nil {
		return credential.Registered{}, err
	}
	return registered(a.body)
}

// exchangeWithin is less than the 30 s at which AWS's gateway gives up.
const exchangeWithin = 20 * time.Second

// maxRegistered bounds the answer: a key and some names, and a few lines about the owner.
const maxRegistered = 256 << 10

// appSlugs matches the slug of an App. It becomes a part of an address.
var appSlugs = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,99}$`)

// registered reads GitHub's answer. It ignores secrets of the App that we do not need.
func registered(body []byte) (credential.Registered, error) {
	var app struct {
		Slug     string `json:"slug"`
		ClientID string `json:"client_id"`
		Key      string `json:"pem"`
	}
	if json.Unmarshal(body, &app, jsontext.AllowInvalidUTF8(true)) != nil || !appSlugs.MatchString(app.Slug) {
		return credential.Registered{}, unexpected(opRegistered, "its answer is not what GitHub documents")
	}
	if _, err := credential.NewApp(app.ClientID, app.Key); err != nil {
		return credential.Registered{}, unexpected(opRegistered, "its answer has no client id or key that can be used")
	}
	return credential.Registered{ClientID: app.ClientID, Slug: app.Slug, PrivateKey: credential.NewToken(app.Key)}, nil
}

// exchangeOnly allows only the exchange of a manifest's code, to one host. It adds no credential.
type exchangeOnly struct {
	next http.RoundTripper
	host string
}

func (e exchangeOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != e.host || req.Method != http.MethodPost || !strings.HasSuffix(req.URL.Path, "/conversions") {
		return nil, errors.New("refused to send anything but the exchange of a code to GitHub's API")
	}
	return e.next.RoundTrip(req)
}
