// Package mint is how functions reach the secrets of the stack's own GitHub App. One function alone may use its key and its client
// secret. The others ask that function for a JWT, or for the token of a person who has a code, and never see either secret. The
// package has the code of both: Serve answers a Request, and Client sends one. It must not know how a function is called. Start reading
// at Request.
package mint

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
)

// Request asks for a JWT of the App or, with an installer's code, for the token of that person.
type Request struct {
	JWT  bool   `json:"jwt,omitempty"`
	Code string `json:"code,omitempty"`
}

// Answer has the JWT or the token, or says why GitHub refuses the code.
type Answer struct {
	JWT       string    `json:"jwt,omitempty"`
	Expires   time.Time `json:"expires,omitzero"`
	UserToken string    `json:"userToken,omitempty"`
	Refused   *Refusal  `json:"refused,omitempty"`
}

// Refusal is an error of the exchange, about the code or about GitHub. The call itself has succeeded.
type Refusal struct {
	Code       fault.Code    `json:"code"`
	Said       string        `json:"said,omitempty"`
	RetryAfter time.Duration `json:"retryAfter,omitempty"`
}

// Secrets uses the secrets of the App.
type Secrets interface {
	apptoken.Signer
	UserToken(ctx context.Context, code string) (string, error)
}

// Serve returns the function that answers requests.
func Serve(secrets Secrets) func(context.Context, Request) (Answer, error) {
	return func(ctx context.Context, asked Request) (Answer, error) {
		switch {
		case asked.JWT == (asked.Code != ""):
			return Answer{}, errors.New("the event must ask either for a JWT or for the exchange of a code")
		case asked.JWT:
			jwt, err := secrets.JWT(ctx)
			return Answer{JWT: jwt.Value, Expires: jwt.Expires}, err
		}
		token, err := secrets.UserToken(ctx, asked.Code)
		if refused, ok := errors.AsType[*fault.Error](err); ok && !fault.CodeOf(err).Ours() {
			return Answer{Refused: &Refusal{refused.Code, refused.Said, refused.RetryAfter}}, nil
		}
		return Answer{UserToken: token}, err
	}
}

// Client calls the function that has the secrets.
type Client struct {
	apptoken.Signer
	ask ask
}

// ask calls the function. If once is true, the call must not be repeated, because GitHub accepts a code only once.
type ask func(ctx context.Context, request []byte, once bool) (answer []byte, err error)

// NewClient returns a Client that calls the function with call. It uses a JWT again while it is valid.
func NewClient(call func(ctx context.Context, request []byte, once bool) (answer []byte, err error), now func() time.Time) Client {
	return Client{apptoken.Reuse(signer(call), now), call}
}

const (
	opSign     = "have a JWT signed"
	opExchange = "have the installer's code exchanged"
)

// do sends a request. The error contains nothing of the answer.
func (a ask) do(ctx context.Context, op string, asked Request, once bool) (answer Answer, err error) {
	request, err := json.Marshal(asked)
	if err != nil {
		return Answer{}, failed(op, "the request cannot be written")
	}
	text, err := a(ctx, request, once)
	if err != nil {
		if ctx.Err() != nil {
			return Answer{}, &fault.Error{Code: fault.OutOfTime, Op: op}
		}
		return Answer{}, &fault.Error{Code: fault.Internal, Op: op, Err: err}
	}
	if json.Unmarshal(text, &answer) != nil {
		return Answer{}, failed(op, "the answer cannot be read")
	}
	return answer, nil
}

func failed(op, why string) error {
	return &fault.Error{Code: fault.Internal, Op: op, Err: errors.New(why)}
}

type signer ask

// JWT implements apptoken.Signer.
func (s signer) JWT(ctx context.Context) (apptoken.JWT, error) {
	answer, err := ask(s).do(ctx, opSign, Request{JWT: true}, false)
	switch {
	case err != nil:
		return apptoken.JWT{}, err
	case answer.JWT == "":
		return apptoken.JWT{}, failed(opSign, "the answer has no JWT")
	}
	return apptoken.JWT{Value: answer.JWT, Expires: answer.Expires}, nil
}

// UserToken exchanges an installer's code for a token of that person.
func (c Client) UserToken(ctx context.Context, code string) (string, error) {
	answer, err := c.ask.do(ctx, opExchange, Request{Code: code}, true)
	switch {
	case err != nil:
		return "", err
	case answer.Refused != nil:
		return "", &fault.Error{Code: answer.Refused.Code, Op: opExchange, Said: answer.Refused.Said, RetryAfter: answer.Refused.RetryAfter}
	case answer.UserToken == "":
		return "", failed(opExchange, "the answer has no token")
	}
	return answer.UserToken, nil
}
