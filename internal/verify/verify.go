// Package verify is the use case behind the Verify button. With a pasted credential it asks GitHub for everything that the connector
// will need. It reports what is wrong, with cause and cure, and shows the last 14 days as proof. It stores nothing, and must not know
// how an answer is written. Start reading at Verifier.Verify. rooms_test.go has the order in which the files build on each other.
package verify

import (
	"context"
	"encoding/json"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Verifier verifies. Connect must not send anything.
type Verifier struct {
	Connect func(host string, token credential.Token) GitHub
	Now     func() time.Time
	Agreed  money.Agreed // the deployment's prices, if they differ from the list
}

// Result is the answer to Verify, as the Admin API shows it.
type Result struct {
	OK         bool       `json:"ok"` // no check failed
	VerifiedAt time.Time  `json:"verifiedAt"`
	Account    Account    `json:"account"`
	Credential Credential `json:"credential"`
	Checks     []Check    `json:"checks"`
	Preview    *Preview   `json:"preview"` // nil when usage could not be read

	// AccountID is GitHub's own id of the account, or empty if no answer has it.
	AccountID string `json:"-"`

	// Capabilities is what the token may read.
	Capabilities access.Capabilities `json:"-"`

	// AccountsFault reports whether no other token would help: the policy is off, for example, or there is no Copilot. It is false for an
	// installation that is not proved.
	AccountsFault bool `json:"-"`

	// Unasked is why GitHub could not be asked: CodeUnreachable, CodeOutOfTime or CodeRateLimited. It is nil if GitHub was asked.
	Unasked *fault.Error `json:"-"`
}

// Account is the account with the plan it pays for. Scope and slug are empty if an installation does not say whose it is.
type Account struct {
	copilot.Account
	Plan copilot.Plan `json:"plan"`
}

// MarshalJSON writes what is not known as null.
func (a Account) MarshalJSON() ([]byte, error) {
	orNull := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return json.Marshal(struct {
		Host  string       `json:"host"`
		Scope *string      `json:"scope"`
		Slug  *string      `json:"slug"`
		Plan  copilot.Plan `json:"plan"`
	}{a.Host, orNull(string(a.Scope)), orNull(a.Slug), a.Plan})
}

// Verify asks GitHub and judges the answers. It always returns a result, within 20 seconds.
func (v Verifier) Verify(ctx context.Context, request Request) Result {
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()

	e := newEvidence(request, v.Now().UTC().Truncate(time.Second))
	e.agreed = v.Agreed
	if e.notPAT == nil {
		github := request.Using
		if github == nil {
			github = v.Connect(request.Account.Host, request.Token)
			defer leave(ctx, github)
		}
		e.apiHost = github.APIHost()
		e.gather(ctx, github)
	}
	verdict := e.verdict()
	checks := verdict.checks()
	return Result{
		OK:         !failed(checks),
		VerifiedAt: e.now,
		Account:    Account{Account: e.request.Account, Plan: e.accountPlan()},
		AccountID:  e.accountID(),
		Credential: e.credential(),
		Checks:     checks,
		Preview:    verdict.preview(),

		Capabilities: verdict.capabilities(),
		Unasked:      verdict.unasked(),

		AccountsFault: verdict.cause.accountsFault() && !e.unproved(),
	}
}

// leave gives a token back when all is asked, also when time has run out.
func leave(ctx context.Context, github GitHub) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), givenBackWithin)
	defer cancel()
	github.Close(ctx)
}

const givenBackWithin = 2 * time.Second
