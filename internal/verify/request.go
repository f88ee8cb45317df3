package verify

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/credential"
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
