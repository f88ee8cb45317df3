package connector

import (
	"encoding/json"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// Ref names a connector. Nothing of one tenant is reachable under another.
type Ref struct {
	Tenant string `json:"tenant"`
	ID     string `json:"id"` // as NewID makes them
}

// Connector is an account whose Copilot is read every day for a tenant. It is stored by the names in the tags.
type Connector struct {
	Ref
	Provider Provider `json:"provider"`
	copilot.Account
	AccountID string `json:"accountId,omitempty"` // GitHub's own id of the account, from the first answer that told it
	Phase     Phase  `json:"phase"`

	Settings
	Credential Credential `json:"credential"`
	Progress
	Outbox

	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"` // when a person changed it last
}

// Provider is whose API a connector reads.
type Provider string

// GitHubCopilot is the one provider that there is so far.
const GitHubCopilot Provider = "github_copilot"

// Settings is what people chose for a connector.
type Settings struct {
	IdleAfterDays int             `json:"idleAfterDays"`
	Prices        json.RawMessage `json:"prices,omitempty"` // agreed prices, as package cost reads them
	NotifyEmails  []string        `json:"notifyEmails"`
}

// Progress is what the polls have found out and how far they have come.
type Progress struct {
	Plan         copilot.Plan `json:"plan"`
	Status       Status       `json:"status"`
	StatusReason string       `json:"statusReason,omitempty"` // what happened and what to do, for people; empty while all is well

	Capabilities access.Capabilities `json:"capabilities"` // what the token may read, by the last answers
	Granted      access.Capabilities `json:"granted"`      // what the token was ever seen to read

	FirstDay       *calendar.Date `json:"firstDay,omitempty"`       // the oldest day with numbers
	LatestFinalDay *calendar.Date `json:"latestFinalDay,omitempty"` // the newest day that is final
	LookedThrough  *calendar.Date `json:"lookedThrough,omitempty"`  // the newest day of the last poll that looked at all its days
	Backfill       *Backfill      `json:"backfill,omitempty"`       // nil: every older day was looked at
	Retries        []Retry        `json:"retries,omitempty"`        // older days that later polls read again, oldest first
	BillsFinal     *calendar.Date `json:"billsFinal,omitempty"`     // first day of the newest month whose bill is final; every earlier month's is too
	LastPoll       *Poll          `json:"lastPoll,omitempty"`
	PollAskedAt    time.Time      `json:"pollAskedAt,omitzero"` // when somebody asked for a poll that has not been done yet
}

// Outbox is what people were told about a connector and what they are still to be told.
type Outbox struct {
	Stopped     StopKind            `json:"stopped,omitempty"`     // why the connector does not work, as people were told; empty: it works
	ToldMissing []calendar.Date     `json:"toldMissing,omitempty"` // people know that these days will not come
	ToldLost    []access.Capability `json:"toldLost,omitempty"`    // people know that the token may not read these any more
	Notices     []Notice            `json:"notices,omitempty"`     // not sent yet, oldest first
	Uninvited   []string            `json:"uninvited,omitempty"`   // addresses of NotifyEmails that were not invited yet
	Events      []audit.Event       `json:"-"`                     // what was done to the connector; stored with its next write
}

// Phase is how far a connector has come between Save and Delete. Only a live one is shown or polled; one that a crash
// left in another phase is cleared away by the next poll.
type Phase string

// The phases. The connector is stored before its token and goes after it, so that no token is ever alone.
const (
	Saving   Phase = "saving" // the token may or may not be in the vault
	Live     Phase = "live"
	Deleting Phase = "deleting" // the token may or may not be gone
)

// StopKind is what keeps a connector from working until somebody does something about it.
type StopKind string

// The kinds of stops.
const (
	StoppedToken   StopKind = "token"   // GitHub refuses the token, or there is none
	StoppedReports StopKind = "reports" // GitHub hands out no reports: policy, role, sign-on, account
)

// Status says how a connector fares.
type Status string

// The statuses.
const (
	StatusBackfilling Status = "backfilling" // saved lately, its first days are being read
	StatusActive      Status = "active"
	StatusDegraded    Status = "degraded" // some part fails, the rest goes on
	StatusExpired     Status = "expired"  // GitHub refuses the token
)

// Credential is what is known of a connector's token; never the token.
type Credential struct {
	Kind        credential.Kind `json:"kind"`
	Login       string          `json:"login"`
	Scopes      []string        `json:"scopes"`              // nil when GitHub names none, as for fine-grained tokens
	ExpiresAt   *time.Time      `json:"expiresAt,omitempty"` // by GitHub's header; nil: it names none that is of use
	Fingerprint string          `json:"fingerprint"`

	// ExpiryUnreadable says that GitHub names an expiry in a form that is not understood.
	ExpiryUnreadable bool `json:"expiryUnreadable,omitempty"`

	// ExpiryDisproved says that GitHub names an expiry that the token has outlived.
	ExpiryDisproved bool `json:"expiryDisproved,omitempty"`

	RotatedAt time.Time `json:"rotatedAt"` // when the token was pasted
}

// rotationPolicy is how long a token without an expiry is used before a new one is asked for.
const rotationPolicy = 90 * 24 * time.Hour

// Expiry is when the token expires or should be replaced. byPolicy says that it is ours: GitHub names none.
func (c Credential) Expiry() (at time.Time, byPolicy bool) {
	if c.ExpiresAt != nil {
		return *c.ExpiresAt, false
	}
	return c.RotatedAt.Add(rotationPolicy), true
}

// DaysLeft counts whole periods of 24 hours until an instant, 0 once it has come.
func DaysLeft(until, now time.Time) int { return max(0, int(until.Sub(now)/(24*time.Hour))) }

// Backfill is how far the older days have been read, newest first.
type Backfill struct {
	Next      calendar.Date `json:"next"`               // the next day to look at
	Last      calendar.Date `json:"last"`               // the oldest that GitHub can have
	SteppedAt time.Time     `json:"steppedAt,omitzero"` // when it moved on last; zero: it has not begun
}

// Outcome says how a poll ended.
type Outcome string

// The outcomes.
const (
	OutcomeOK      Outcome = "ok"
	OutcomePartial Outcome = "partial" // some part could not be read; the next poll tries again
	OutcomeFailed  Outcome = "failed"  // nothing could be read
)

// Poll is how the last poll of a connector ended.
type Poll struct {
	At           time.Time `json:"at"`
	ScheduledFor time.Time `json:"scheduledFor"`
	Outcome      Outcome   `json:"outcome"`
	DaysUpdated  int       `json:"daysUpdated"`
	Detail       string    `json:"detail"`
}

// Record adds an event to what the connector's next write stores with it.
func (c *Connector) Record(at time.Time, actor string, action audit.Action, detail string) {
	c.Events = append(c.Events, audit.Event{ID: NewID(), At: at.UTC(), Actor: actor, Action: action, Detail: detail})
}
