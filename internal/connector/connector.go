package connector

import (
	"encoding/json"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
)

// Ref identifies a connector. An id is valid only together with its tenant, so no tenant can reach another tenant's data.
type Ref struct {
	Tenant string `json:"tenant"`
	ID     string `json:"id"` // made by NewID
}

// Due is an entry of the list of all connectors.
type Due struct {
	Ref
	Endless bool // as the connector's Credential says it
}

// Connector is a GitHub account whose Copilot usage is read every day for a tenant. The store writes it as JSON by these tags.
type Connector struct {
	Ref
	Provider Provider `json:"provider"`
	copilot.Account
	AccountID string `json:"accountId,omitempty"` // GitHub's own id of the account, from the first answer that contained it
	Phase     Phase  `json:"phase"`

	Settings
	People
	Credential Credential `json:"credential"`

	// StraySecret is when the vault may have been left with a secret that nobody uses, because an installation of the stack's App has
	// taken or keeps its place. A poll removes it later. Zero: it has none.
	StraySecret time.Time `json:"straySecret,omitzero"`

	// VaultHeldUntil is the end of the hold that one rotation or poll has on the vault (HoldVault). Zero or past: nobody has it.
	VaultHeldUntil time.Time `json:"vaultHeldUntil,omitzero"`

	Progress
	Outbox

	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"` // when a person last changed it
}

// Provider names the product whose API a connector reads.
type Provider string

// GitHubCopilot is the only provider so far.
const GitHubCopilot Provider = "github_copilot"

// Settings are what people have chosen for a connector.
type Settings struct {
	IdleAfterDays int             `json:"idleAfterDays"`
	Prices        json.RawMessage `json:"prices,omitempty"` // agreed prices, in the form of money.Agreements
	NotifyEmails  []string        `json:"notifyEmails"`
	ShowPeople    privacy.Mode    `json:"people,omitempty"` // how people are shown; empty: by their names

	// KeepPeopleDays is for how many days people are kept; 0: as long as the deployment keeps them.
	KeepPeopleDays int `json:"keepPeopleDays,omitempty"`
}

// Progress is what the polls have found out, and which days they have read.
type Progress struct {
	Plan         copilot.Plan `json:"plan"`
	Status       Status       `json:"status"`
	StatusReason string       `json:"statusReason,omitempty"` // what happened and what to do, for people; empty if nothing is wrong

	Capabilities access.Capabilities `json:"capabilities"` // what the token can read, by GitHub's last answers
	Granted      access.Capabilities `json:"granted"`      // what the token has ever been able to read

	FirstDay       *calendar.Date `json:"firstDay,omitempty"`       // the oldest day with numbers
	LatestFinalDay *calendar.Date `json:"latestFinalDay,omitempty"` // the newest day that is final
	LookedThrough  *calendar.Date `json:"lookedThrough,omitempty"`  // the newest day of the last poll that asked for all its days
	Backfill       *Backfill      `json:"backfill,omitempty"`       // nil: the backfill is complete
	Retries        []Retry        `json:"retries,omitempty"`        // older days that later polls read again, oldest first
	PeopleRemoved  *calendar.Date `json:"peopleRemoved,omitempty"`  // the newest day whose people were removed; people of all older days were removed too
	BillsFinal     *calendar.Date `json:"billsFinal,omitempty"`     // first day of the newest month whose bill is final; every earlier month's is too
	PartsFinal     *calendar.Date `json:"partsFinal,omitempty"`     // the same of the bills of organizations and cost centers
	LastPoll       *Poll          `json:"lastPoll,omitempty"`
	PollAskedAt    time.Time      `json:"pollAskedAt,omitzero"` // when somebody requested a poll that has not ended yet
}

// Outbox is what people were told about a connector, and what they still have to be told.
type Outbox struct {
	Stopped      StopKind            `json:"stopped,omitempty"`     // why the connector has stopped, as people were told; empty: it works
	ToldStops    []string            `json:"toldStops,omitempty"`   // codes of the causes that people were told since it has stopped
	ToldMissing  []calendar.Date     `json:"toldMissing,omitempty"` // days for which people know that no report will come
	ToldLost     []access.Capability `json:"toldLost,omitempty"`    // capabilities that people know the token has lost
	Notices      []Notice            `json:"notices,omitempty"`     // notices that were not sent yet, oldest first
	Uninvited    []string            `json:"uninvited,omitempty"`   // addresses of NotifyEmails that were not invited yet
	LeaversUntil time.Time           `json:"leaversUntil,omitzero"` // until then, people who left NotifyEmails may still confirm an old invitation; zero: all of them were unsubscribed
	Events       []audit.Event       `json:"-"`                     // new audit events; the connector's next write stores them
}

// Phase is the state of a connector between Save and Delete. The API shows and polls only live connectors. The next poll
// clears away a connector that a crash left in another phase.
type Phase string

// The phases. The connector is stored before its token and deleted after it, so that no token exists without a connector.
const (
	Saving   Phase = "saving" // the vault may or may not hold the token
	Live     Phase = "live"
	Deleting Phase = "deleting" // the vault may or may not still hold the token
)

// StopKind is why a connector cannot work until a person acts.
type StopKind string

// The kinds of stops.
const (
	StoppedToken   StopKind = "token"   // GitHub refuses the token, or there is no token
	StoppedReports StopKind = "reports" // GitHub refuses the reports: policy, role, single sign-on, account
)

// Status is the state of a connector as the API shows it.
type Status string

// The statuses.
const (
	StatusBackfilling Status = "backfilling" // new; its first days are being read
	StatusActive      Status = "active"
	StatusDegraded    Status = "degraded" // some part fails, the other parts work
	StatusExpired     Status = "expired"  // GitHub refuses the token
)

// Credential is what is known about a connector's token. It never contains the token.
type Credential struct {
	Kind        credential.Kind `json:"kind"`
	Login       string          `json:"login"`
	Scopes      []string        `json:"scopes"`              // nil when GitHub names none, as for fine-grained tokens
	ExpiresAt   *time.Time      `json:"expiresAt,omitempty"` // from GitHub's header; nil: the header is absent, unreadable or disproved
	Fingerprint string          `json:"fingerprint"`
	// App is the GitHub App and its installation; nil for a token.
	App            *credential.Installation `json:"app,omitempty"`
	KeyFingerprint string                   `json:"keyFingerprint,omitempty"` // of the App's key, as GitHub shows it

	// ExpiryUnreadable is true if GitHub names an expiry in a form that we cannot read.
	ExpiryUnreadable bool `json:"expiryUnreadable,omitempty"`

	// ExpiryDisproved is true if GitHub accepted the token after the expiry that it had named.
	ExpiryDisproved bool `json:"expiryDisproved,omitempty"`

	RotatedAt time.Time `json:"rotatedAt"` // when a person pasted the token
}

// rotationPolicy is how long a token without an expiry is used before we ask for a new one.
const rotationPolicy = 90 * 24 * time.Hour

// Endless reports whether nothing of the credential ends or grows old: an installation of the stack's App has no secret.
func (c Credential) Endless() bool { return c.Kind == credential.GitHubAppInstallation }

// Expiry returns when the token expires. If GitHub names no expiry, it returns when our rotation policy asks for a new
// token, and byPolicy is true. The key of a GitHub App is to be replaced after a year.
func (c Credential) Expiry() (at time.Time, byPolicy bool) {
	if c.ExpiresAt != nil {
		return *c.ExpiresAt, false
	}
	if c.Kind == credential.GitHubApp {
		return c.RotatedAt.AddDate(1, 0, 0), true
	}
	return c.RotatedAt.Add(rotationPolicy), true
}

// Backfill is the progress of reading the older days, from the newest to the oldest.
type Backfill struct {
	Next      calendar.Date `json:"next"`               // the next day to read
	Last      calendar.Date `json:"last"`               // the oldest day for which GitHub can have a report
	SteppedAt time.Time     `json:"steppedAt,omitzero"` // when Next last changed; zero: the backfill has not begun
}

// Outcome is how a poll ended.
type Outcome string

// The outcomes.
const (
	OutcomeOK      Outcome = "ok"
	OutcomePartial Outcome = "partial" // the poll could not read some part; the next poll tries again
	OutcomeFailed  Outcome = "failed"  // the poll could read nothing
)

// Poll is the result of a connector's last poll.
type Poll struct {
	At           time.Time `json:"at"`
	ScheduledFor time.Time `json:"scheduledFor"`
	Outcome      Outcome   `json:"outcome"`
	DaysUpdated  int       `json:"daysUpdated"`
	Detail       string    `json:"detail"`
}

// Record adds an event to Events. The connector's next write stores it.
func (c *Connector) Record(at time.Time, actor string, action audit.Action, detail string) {
	c.Events = append(c.Events, audit.Event{At: at.UTC(), Actor: actor, Action: action, Detail: detail})
}
