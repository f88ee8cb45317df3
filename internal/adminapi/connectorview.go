package adminapi

import (
	"cmp"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/remind"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// connectorView is a connector as the Admin API shows it.
type connectorView struct {
	ID             string                `json:"id"`
	Tenant         string                `json:"tenant"`
	Provider       connector.Provider    `json:"provider"`
	Host           string                `json:"host"`
	Scope          copilot.Scope         `json:"scope"`
	Slug           string                `json:"slug"`
	AccountID      *string               `json:"accountId"` // GitHub's id of the account; nil: no answer has told it yet
	Plan           copilot.Plan          `json:"plan"`
	Status         connector.Status      `json:"status"`
	StatusReason   *string               `json:"statusReason"`
	IdleAfterDays  int                   `json:"idleAfterDays"`
	Prices         *money.Agreed         `json:"prices"` // the prices that were agreed last, even if they begin later; nil: none
	NotifyEmails   []string              `json:"notifyEmails"`
	People         privacy.Mode          `json:"people"`
	KeepPeopleDays *int                  `json:"keepPeopleDays"` // the smaller of the connector's and the deployment's setting; nil: all are kept
	Recipients     []connector.Recipient `json:"recipients"`     // nil: not looked up, or nobody gets mails
	Credential     credentialView        `json:"credential"`
	Capabilities   access.Capabilities   `json:"capabilities"`
	FirstDay       *calendar.Date        `json:"firstDay"`
	LatestFinalDay *calendar.Date        `json:"latestFinalDay"`
	LastPoll       *pollView             `json:"lastPoll"`
	DaysRead       *int                  `json:"daysRead"`     // how many of DaysExpected were read; nil: the backfill is done
	DaysExpected   *int                  `json:"daysExpected"` // the number of days that GitHub still has
	NextMail       *mailView             `json:"nextMail"`     // nil: no mail is planned
	CreatedAt      time.Time             `json:"createdAt"`
	UpdatedAt      time.Time             `json:"updatedAt"`
}

type credentialView struct {
	Kind         credential.Kind `json:"kind"`
	Login        *string         `json:"login"`
	Scopes       []string        `json:"scopes"`    // nil if GitHub names none, as for fine-grained tokens
	ExpiresAt    *time.Time      `json:"expiresAt"` // also nil if GitHub names a time that the token has outlived
	ExpirySource string          `json:"expirySource"`
	DaysLeft     *int            `json:"daysLeft"` // nil if ExpiresAt is
	Fingerprint  string          `json:"fingerprint"`
	RotatedAt    time.Time       `json:"rotatedAt"`

	App            *verify.App            `json:"app,omitempty"`           // nil for a token
	KeyFingerprint *verify.KeyFingerprint `json:"keyFingerprint,omitzero"` // nil for a token
}

type pollView struct {
	At          time.Time         `json:"at"`
	Outcome     connector.Outcome `json:"outcome"`
	DaysUpdated int               `json:"daysUpdated"`
	Detail      string            `json:"detail"`
}

// mailView is the next planned mail. Changes at GitHub may cause other mails before it.
type mailView struct {
	Date     calendar.Date        `json:"date"`
	Kind     connector.NoticeKind `json:"kind"`
	DaysLeft int                  `json:"daysLeft"` // days until the token expires
}

func nextMail(c *connector.Connector, now time.Time) *mailView {
	notice, ok := remind.Next(c, now)
	if !ok {
		return nil
	}
	return &mailView{Date: calendar.DateOf(notice.At), Kind: notice.Kind, DaysLeft: notice.DaysLeft}
}

// backfilled returns how many of the days that GitHub still has were read, while the backfill runs. It returns nil when the backfill is
// done.
func backfilled(c *connector.Connector, now time.Time) (read, expected *int) {
	if c.Backfill == nil {
		return nil, nil
	}
	expected, read = new(int(calendar.DateOf(now)-c.Backfill.Last)), new(0)
	if c.LookedThrough != nil {
		read = new(*expected - int(c.Backfill.Next-c.Backfill.Last+1))
	}
	return read, expected
}

func (a API) view(c *connector.Connector) connectorView {
	view := connectorView{
		ID: c.ID, Tenant: c.Tenant, Provider: c.Provider,
		Host: c.Host, Scope: c.Scope, Slug: c.Slug, AccountID: orNull(c.AccountID), Plan: c.Plan,
		Status: c.Status, StatusReason: orNull(c.Veil().Text(c.StatusReason)),
		IdleAfterDays: c.IdleAfterDays, NotifyEmails: c.NotifyEmails, People: cmp.Or(c.ShowPeople, privacy.Named),
		Credential:   credentialOf(c.Credential, a.Now()),
		Capabilities: c.Capabilities.Told(),
		FirstDay:     c.FirstDay, LatestFinalDay: c.LatestFinalDay,
		CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
	if !c.Veil().Named() {
		view.Credential.Login = nil
	}
	if days := privacy.KeptDays(c.KeepPeopleDays, a.KeepPeopleDays); days > 0 {
		view.KeepPeopleDays = &days
	}
	view.DaysRead, view.DaysExpected = backfilled(c, a.Now())
	view.NextMail = nextMail(c, a.Now())
	if view.NotifyEmails == nil {
		view.NotifyEmails = []string{}
	}
	if agreements, err := money.ReadAgreements(c.Prices); err == nil && agreements.Last() != (money.Agreed{}) { // answers that need the prices report an error
		view.Prices = new(agreements.Last())
	}
	if p := c.LastPoll; p != nil {
		view.LastPoll = &pollView{At: p.At, Outcome: p.Outcome, DaysUpdated: p.DaysUpdated, Detail: c.Veil().Text(p.Detail)}
	}
	return view
}

func credentialOf(c connector.Credential, now time.Time) credentialView {
	view := credentialView{
		Kind: c.Kind, Login: orNull(c.Login), Scopes: c.Scopes,
		ExpirySource: "github", Fingerprint: c.Fingerprint, RotatedAt: c.RotatedAt,
	}
	if c.Kind.IsApp() {
		view.KeyFingerprint, view.ExpirySource = new(verify.KeyFingerprint(c.KeyFingerprint)), "policy"
		if c.Endless() {
			view.ExpirySource = "none"
		}
		view.App = verify.AppOf(*cmp.Or(c.App, &credential.Installation{}), "")
		return view
	}
	expiresAt, byPolicy := c.Expiry()
	if !c.ExpiryDisproved {
		view.ExpiresAt, view.DaysLeft = &expiresAt, new(calendar.DaysLeft(expiresAt, now))
	}
	if byPolicy {
		view.ExpirySource = "policy"
	}
	return view
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
