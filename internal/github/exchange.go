package github

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
)

// HeldSecrets returns AppSecrets for a program that has the secrets of the stack's App, or may sign with its key.
func (s *Service) HeldSecrets(key apptoken.Key, clientSecret func(context.Context) (credential.Token, error)) AppSecrets {
	return &heldSecrets{Signer: apptoken.Reuse(key, s.now), service: s, clientID: key.ClientID, clientSecret: clientSecret}
}

type heldSecrets struct {
	apptoken.Signer
	service      *Service
	clientID     string
	clientSecret func(context.Context) (credential.Token, error)
}

const opExchange = "exchange the installer's code"

// maxExchange bounds the answer to an exchange. GitHub's has some 300 bytes.
const maxExchange = 64 << 10

// userTokens matches a person's token for a GitHub App. It is sent in a header.
var userTokens = regexp.MustCompile(`^gh[a-z]_[A-Za-z0-9._-]{1,1000}$`)

// UserToken implements AppSecrets. It sends the code only once: GitHub accepts a code once, even if the answer is lost.
func (h *heldSecrets) UserToken(ctx context.Context, code string) (string, error) {
	secret, err := h.clientSecret(ctx)
	if err != nil {
		return "", err
	}
	form := url.Values{"client_id": {h.clientID}, "client_secret": {secret.Reveal()}, "code": {code}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.service.Website(copilot.GitHubCom)+"/login/oauth/access_token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", &fault.Error{Code: fault.Internal, Op: opExchange, Err: errors.New("the request cannot be written")}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	client := http.Client{Transport: bounded{next: h.service.once, limit: maxExchange}, CheckRedirect: refuseRedirect}
	resp, err := client.Do(req)
	if err != nil {
		failure := &fault.Error{Op: opExchange}
		failure.Code, failure.Err = transportCause(ctx, err)
		return "", failure
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		failure := &fault.Error{Op: opExchange}
		failure.Code, failure.Err = transportCause(ctx, err)
		return "", failure
	}
	return exchanged(resp, body, newSent(credential.NewToken(code), secret))
}

// exchanged reads the answer to an exchange, for which these secrets were sent.
func exchanged(resp *http.Response, body []byte, secrets *sent) (string, error) {
	var answer struct {
		Token       string `json:"access_token"`
		Error       string `json:"error"` // GitHub refuses a code with status 200 and this
		Description string `json:"error_description"`
		Message     string `json:"message"`
	}
	readable := json.Unmarshal(body, &answer) == nil
	words := cmp.Or(answer.Description, answer.Error, answer.Message)
	failure := &fault.Error{Op: opExchange, Code: refusal{status: resp.StatusCode, header: resp.Header, message: words}.code(), Said: secrets.quote(words)}
	switch {
	case resp.StatusCode == http.StatusOK && answer.Error == "" && userTokens.MatchString(answer.Token):
		return answer.Token, nil
	case failure.Code == fault.RateLimited:
		failure.RetryAfter = time.Minute
		if wait, asked := retryAfterIn(resp.Header); asked {
			failure.RetryAfter = wait
		}
	case failure.Code == fault.Unreachable, failure.Code == fault.NotGitHub:
		failure.Err = fmt.Errorf("it answered with status %d", resp.StatusCode)
	case readable && words != "":
		failure.Code = fault.CodeRefused
	default:
		failure.Code, failure.Err = fault.Unexpected, errors.New("its answer has neither a token nor an error")
	}
	return "", failure
}
