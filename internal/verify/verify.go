// Package verify is the use case behind the Verify button. With a pasted credential it asks GitHub for everything that the connector
// will need. It reports what is wrong, with cause and cure, and shows the last 14 days as proof. It stores nothing, and must not know
// how an answer is written. Start reading at Verifier.Verify, then gather.go.
package verify

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

const (
	// previewDays is the number of days in the proof.
	previewDays = 14

	// budget is how long all calls to GitHub may take together. API Gateway gives up after 30 s. The API promises an
	// answer within 20 s, and writing and sending it takes time too.
	budget = 18 * time.Second

	// maxSeatPages bounds the seats read for the preview to 10,000. GitHub lets a token ask 900 times a minute.
	maxSeatPages = 100
)

// SeatsPolled is the most seats that a poll lists, 100 a call: GitHub lets a token ask 900 times a minute.
const SeatsPolled = 80_000

// GitHub is what Verify asks of GitHub with one token. Its errors are fault.Errors with a code.
type GitHub interface {
	APIHost() string // the host that is asked, with its port if that is not the default
	Identity(ctx context.Context) (credential.Identity, error)
	Open(ctx context.Context, account copilot.Account, known credential.Installation) (credential.Installation, error) // of a GitHub App, before any other call
	Close(ctx context.Context)                                                                                         // gives a GitHub App's token back
	FindOrganization(ctx context.Context, slug string) (copilot.Profile, error)
	OrganizationByID(ctx context.Context, id string) (copilot.Profile, error)
	Role(ctx context.Context, slug string) (credential.Role, error)
	Subscription(ctx context.Context, slug string) (copilot.Plan, error)
	SeatsPausing(ctx context.Context, account copilot.Account, maxPages int, pause func(first []seat.Seat)) (grants []seat.Seat, announced int, err error)
	Credits(ctx context.Context, account copilot.Account, day calendar.Date) (*cost.CreditBill, error)
	CreditsOf(ctx context.Context, enterprise copilot.Account, day calendar.Date, part cost.PartBill) (*cost.CreditBill, error)
	CostCenters(ctx context.Context, enterprise copilot.Account) ([]cost.PartBill, error)
	Budgets(ctx context.Context, account copilot.Account) ([]cost.Budget, error)
	Report(ctx context.Context, account copilot.Account, kind reports.Kind, day calendar.Date) (reports.Report, error)
}

// Verifier verifies. Connect must not send anything.
type Verifier struct {
	Connect func(host string, token credential.Token) GitHub
	Now     func() time.Time
	Agreed  money.Agreed // the deployment's prices, if they differ from the list
}

// Request is what the administrator entered.
type Request struct {
	Account       copilot.Account
	AccountID     string // GitHub's own id that the account must have; empty: any
	Token         credential.Token
	IdleAfterDays int

	// Billing reports whether a connector reads the bill with its present token, so that a new token must read it too.
	Billing bool

	App *credential.Installation // what an earlier poll has learnt about the App; nil: nothing

	// Using is the client of a poll that calls Verify. nil: Verify makes a client of its own.
	Using GitHub
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

// Credential is what is known about the credential. It never contains the credential itself.
type Credential struct {
	Kind        credential.Kind `json:"kind"`
	Login       *string         `json:"login"`
	Scopes      []string        `json:"scopes"` // nil when GitHub names none, as for fine-grained tokens
	ExpiresAt   *time.Time      `json:"expiresAt"`
	DaysLeft    *int            `json:"daysLeft"` // whole periods of 24 hours
	Fingerprint string          `json:"fingerprint"`

	App            *App            `json:"app,omitempty"`           // nil for a token
	KeyFingerprint *KeyFingerprint `json:"keyFingerprint,omitzero"` // nil for a token
	ExpirySource   string          `json:"expirySource,omitempty"`  // of an App: policy, or none of the stack's

	Installation *credential.Installation `json:"-"` // nil for a token

	ExpiryUnreadable bool `json:"-"` // GitHub names an expiry that is not understood
	ExpiryDisproved  bool `json:"-"` // GitHub names an expiry that the token has outlived
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

func (e *evidence) credential() Credential {
	c := Credential{
		Kind:        e.kind,
		Scopes:      e.identity.Scopes,
		ExpiresAt:   e.identity.ExpiresAt,
		Fingerprint: e.request.Token.Fingerprint(),

		ExpiryUnreadable: e.identity.ExpiryUnreadable,
		ExpiryDisproved:  e.identity.ExpiryDisproved != nil,
	}
	switch app, own := e.request.Token.App(); {
	case own:
		c.KeyFingerprint, c.ExpirySource, c.Installation = new(KeyFingerprint(app.KeyFingerprint())), "policy", e.identity.App
		c.App = AppOf(e.installation(), app.ClientID)
	case e.bound():
		c.KeyFingerprint, c.ExpirySource, c.Installation = new(KeyFingerprint), "none", e.identity.App
		c.App = AppOf(e.installation(), "")
	}
	if e.identity.Login != "" {
		c.Login = &e.identity.Login
	}
	if c.ExpiresAt != nil {
		left := e.daysLeft()
		c.DaysLeft = &left
	}
	return c
}

// daysLeft returns the whole periods of 24 hours until the token expires, and 0 after that.
func (e *evidence) daysLeft() int {
	return calendar.DaysLeft(*e.identity.ExpiresAt, e.now)
}

// KeyFingerprint is the fingerprint of the customer's key, as GitHub shows it. It is empty for the stack's App, and null in JSON.
type KeyFingerprint string

// MarshalJSON implements json.Marshaler.
func (k KeyFingerprint) MarshalJSON() ([]byte, error) {
	if k == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(k))
}

// App is a GitHub App and its installation, as the Admin API shows them.
type App struct {
	Slug           *string           `json:"slug"` // nil: GitHub did not tell
	ClientID       string            `json:"clientId"`
	InstallationID *int64            `json:"installationId"`
	Permissions    map[string]string `json:"permissions"`
	Suspended      bool              `json:"suspended"`
}

// AppOf returns the description of an App for an answer. A field that GitHub has not sent is the pasted one, or null.
func AppOf(i credential.Installation, pasted string) *App {
	app := &App{ClientID: cmp.Or(i.ClientID, pasted), Permissions: i.Permissions, Suspended: i.Suspended}
	if i.Slug != "" {
		app.Slug = &i.Slug
	}
	if i.ID != 0 {
		app.InstallationID = &i.ID
	}
	return app
}

// leave gives a token back when all is asked, also when time has run out.
func leave(ctx context.Context, github GitHub) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), givenBackWithin)
	defer cancel()
	github.Close(ctx)
}

const givenBackWithin = 2 * time.Second
